import type { Site } from '../site.ts'

/** A proxy that is measured. */
export interface Candidate {
  readonly name: string
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
