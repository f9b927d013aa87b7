import type { Usage } from './usage.ts'

/** What one visit to one candidate gave. Stored as it is: all figures of the table are made from these. */
export interface Sample {
  readonly cell: string
  readonly candidate: string
  readonly round: number
  /** Why it does not count, if it does not. */
  readonly discarded?: string
  readonly usage: Usage
  /** Requests, handshakes, messages. */
  readonly count: number
  readonly failed: number
  /** The figure that is compared: microseconds of CPU each, or octets a connection. */
  readonly value: number
  /** Further figures by name, such as `p99` in milliseconds. */
  readonly figures: Readonly<Record<string, number>>
}
