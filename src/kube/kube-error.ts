import type { Json } from '../model/index.ts'
import { isRecord } from './json.ts'

/** What the API server refused, or why it could not be asked. */
export class KubeError extends Error {
  /** HTTP status, of the answer or of an ERROR event; 0: no answer that can be understood. */
  readonly status: number
  /** The API's word (`NotFound`, `Conflict`, `Expired`), or `Unreachable`, `Silent`, `Slow`, `InvalidAnswer`, `TooLarge`. */
  readonly reason: string
  /** Milliseconds that the server asks for. */
  readonly retryAfter: number | undefined
  /** The name of the object that the refusal is about, where it says one. */
  readonly about: string | undefined

  constructor(status: number, reason: string, message: string, { retryAfter, about }: Particulars = {}) {
    super(message)
    this.status = status
    this.reason = reason
    this.retryAfter = retryAfter
    this.about = about
  }

  /** The server does not do its work, or does not know us: whoever asks, now is no time to ask. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 401 || this.status === 429 || this.status >= 500
  }

  /** What we hold is too old for the server to go on from. */
  get isExpired(): boolean {
    return this.status === 410
  }

  /**
   * Whether the server says that it has no object of this name. Others answer 404 too: a balancer before it, in HTML; a
   * proxy that does not know the cluster, the server for a path that it does not serve, in a Status that names no such object.
   */
  saysMissing(name: string): boolean {
    return this.status === 404 && this.reason === 'NotFound' && this.about === name
  }
}

interface Particulars {
  readonly retryAfter?: number | undefined
  readonly about?: string | undefined
}

const longestRetryAfter = 60_000

/** An error answer: a `Status` object, or whatever stands in its place (proxies answer HTML). */
export function errorOfAnswer(status: number, retryAfter: string | undefined, body: Json | undefined): KubeError {
  const { reason, message, details } = isRecord(body) ? body : {}
  const { name } = isRecord(details) ? details : {}
  const seconds = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined
  return new KubeError(
    status,
    typeof reason === 'string' && reason !== '' ? reason : `Status${status}`,
    typeof message === 'string' && message !== '' ? message : `the API server answers ${status}`,
    {
      retryAfter: seconds === undefined ? undefined : Math.min(longestRetryAfter, seconds * 1_000),
      about: typeof name === 'string' ? name : undefined,
    },
  )
}

/** The `Status` of an ERROR event. */
export function errorOfEvent(object: Json | undefined): KubeError {
  const { code } = isRecord(object) ? object : {}
  return errorOfAnswer(typeof code === 'number' ? code : 500, undefined, object)
}
