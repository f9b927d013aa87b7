import type { Usage } from './usage.ts'

/** What one visit to one proxy found. */
export interface Measurement {
  readonly usage: Usage
  /** Requests, handshakes, messages, connections. */
  readonly count: number
  readonly failed: number
  /** What is compared, in the cell's unit. */
  readonly value: number
  /** Further figures by name, such as `p99` in milliseconds. */
  readonly figures: Readonly<Record<string, number>>
}

/** Stored as it is: all figures of the table are made from these. */
export interface Sample extends Measurement {
  readonly cell: string
  readonly candidate: string
  readonly round: number
  /** Nanoseconds of a step through the second cache of the proxy's core, right before or right after, whichever was more. */
  readonly cacheStep?: number
  /** Why it does not count, if it does not. */
  readonly discarded?: string
}
