import type { AnswerReason } from './answer.ts'

/** What the log says of one request. */
export interface AccessEntry {
  readonly status: number
  /** Absent when the answer is the upstream's. */
  readonly reason?: AnswerReason
  readonly method: string
  readonly host: string
  /** The raw request target. */
  readonly path: string
  /** `namespace/name:port`. */
  readonly service?: string
  /** `ADDR:PORT`. */
  readonly endpoint?: string
  /** Octets of answer body sent. */
  readonly bytes: number
  readonly ms: number
  readonly requestId: string
}

export type AccessLog = (entry: AccessEntry) => void
