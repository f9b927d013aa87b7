import type { Running } from '../candidates/index.ts'
import type { Load } from '../native-load.ts'
import type { Need } from '../need.ts'
import type { Measurement } from '../sample.ts'
import type { Site, SiteShape } from '../site.ts'

export interface Visit {
  readonly running: Running
  /** The proxy that sets the pace where all have to be given the same. */
  readonly reference: Running
  readonly site: Site
  /** Pid of the back end. */
  readonly backend: number
  readonly seconds: number
  /** The load that this proxy has in each round of the cell; opened at the first visit. */
  readonly keptLoad: (open: () => Promise<Load>) => Promise<Load>
}

/** One thing that is measured: what is asked of a proxy, and what of it is compared. */
export interface Cell {
  readonly id: string
  readonly title: string
  /** What `value` of its measurements is. */
  readonly unit: string
  readonly site: SiteShape
  readonly needs: readonly Need[]
  /** Only native/load.c can be its load. */
  readonly nativeLoad: boolean
  /** Each visit needs a proxy that has done nothing before. */
  readonly fresh?: boolean
  /** About how long a visit takes for a sample of so many seconds, if not about as long. */
  readonly secondsOf?: (seconds: number) => number
  readonly measure: (visit: Visit) => Promise<Measurement>
}

export const smallSite: SiteShape = { hosts: 10 }
