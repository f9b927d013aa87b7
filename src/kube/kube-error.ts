import type { Json } from '../model/index.ts'
import { isRecord } from './json.ts'

/** What the API server refused, or why it could not be asked. */
export class KubeError extends Error {
  /** HTTP status, of the answer or of an ERROR event; 0: no answer that can be understood. */
  readonly status: number
  /** The API's word (`NotFound`, `Conflict`, `Expired`), or `Unreachable`, `Silent`, `InvalidAnswer`, `TooLarge`. */
  readonly reason: string
  /** Milliseconds that the server asks for. */
  readonly retryAfter: number | undefined

  constructor(status: number, reason: string, message: string, retryAfter?: number) {
    super(message)
    this.status = status
    this.reason = reason
    this.retryAfter = retryAfter
  }

  /** The server does not do its work, or does not know us: whoever asks, now is no time to ask. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 401 || this.status === 429 || this.status >= 500
  }

  /** What we hold is too old for the server to go on from. */
  get isExpired(): boolean {
    return this.status === 410
  }
}

const longestRetryAfter = 60_000

/** An error answer: a `Status` object, or whatever stands in its place (proxies answer HTML). */
export function errorOfAnswer(status: number, retryAfter: string | undefined, body: Json | undefined): KubeError {
  const { reason, message } = isRecord(body) ? body : {}
  const seconds = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined
  return new KubeError(
    status,
    typeof reason === 'string' && reason !== '' ? reason : `Status${status}`,
    typeof message === 'string' && message !== '' ? message : `the API server answers ${status}`,
    seconds === undefined ? undefined : Math.min(longestRetryAfter, seconds * 1_000),
  )
}

/** The `Status` of an ERROR event. */
export function errorOfEvent(object: Json | undefined): KubeError {
  const { code } = isRecord(object) ? object : {}
  return errorOfAnswer(typeof code === 'number' ? code : 500, undefined, object)
}
