import type { Need } from '../need.ts'
import type { Site } from '../site.ts'

/** A proxy that is measured. */
export interface Candidate {
  readonly name: string
  /** What it cannot do. */
  readonly lacks: readonly Need[]
  /** It differs from another candidate in this alone, and is measured in no other cell. */
  readonly only?: Need
  /** It passes octets on and knows no requests: that it does the same job as the others cannot be asked of it. */
  readonly isRelay?: boolean
  /** Why it cannot run here, if it cannot. */
  readonly missing: () => string | undefined
  readonly version: () => string
  /** Starts it on the proxy's core; resolves when it serves. */
  readonly start: (site: Site) => Promise<Running>
}

export interface Running {
  readonly name: string
  readonly pid: number
  readonly httpPort: number
  readonly httpsPort: number
  readonly stop: () => Promise<void>
}
