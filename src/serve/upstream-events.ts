import type { ResponseHead } from '../http/index.ts'
import type { Lender } from '../model/index.ts'

/** What went wrong with an exchange at the upstream. */
export type UpstreamFault = 'reset' | 'invalid' | 'timeout'

/** Hears one answer. After `end`, `failed` or a tunnel nothing more comes. */
export interface UpstreamEvents {
  interim(head: ResponseHead): void
  /** The final head, or a 101 that switches to WebSocket. */
  head(head: ResponseHead): void
  /** Answers false if no more should come until `resume`. Octets are borrowed for the call, or from the lender. */
  data(bytes: Buffer, start: number, end: number, lender?: Lender): boolean
  /** All that came together has been handed on, and the answer goes on. */
  paused(): void
  end(trailers: string): void
  /** `begun`: octets of an answer had come already. */
  failed(fault: UpstreamFault, begun: boolean): void
  /** The request's octets are taken again. */
  requestDrained(): void
}
