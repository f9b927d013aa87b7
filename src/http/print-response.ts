import { chunked, untilClose } from './message.ts'
import type { ResponseHead } from './message.ts'

export interface ResponseFraming {
  /** What the client speaks. */
  readonly minor: 0 | 1
  /** Whether the connection closes after this answer. */
  readonly close: boolean
  /** IMF-fixdate of now, for answers without one (RFC 9110 6.6.1). */
  readonly date: string
}

/**
 * A final answer head towards a client. Framing and connection fields are ours: the length as it is known, chunked if it
 * is not, and the end of the connection for clients of HTTP/1.0.
 */
export function printResponseHead(head: ResponseHead, framing: ResponseFraming): string {
  const server = head.server === undefined ? '' : `Server: ${head.server}\r\n`
  const date = head.hasDate ? '' : `Date: ${framing.date}\r\n`
  return `HTTP/1.1 ${head.status} ${head.phrase}\r\n${head.lines}${printLength(head, framing.minor)}${date}${server}${printConnection(framing)}\r\n`
}

function printLength(head: ResponseHead, minor: 0 | 1): string {
  if (head.bodyLength === chunked || head.bodyLength === untilClose)
    return minor === 1 ? 'Transfer-Encoding: chunked\r\n' : ''
  if (head.status === 204 || head.status < 200) return ''
  const length = head.declaredLength ?? (head.bodyLength > 0 ? head.bodyLength : undefined)
  return length === undefined ? '' : `Content-Length: ${length}\r\n`
}

function printConnection({ minor, close }: ResponseFraming): string {
  if (close) return 'Connection: close\r\n'
  return minor === 0 ? 'Connection: keep-alive\r\n' : ''
}

/** An interim answer (RFC 9110 15.2). A 101 says what it switches to. */
export function printInterimHead(head: ResponseHead): string {
  const upgrade = head.status === 101 ? 'Connection: upgrade\r\nUpgrade: websocket\r\n' : ''
  return `HTTP/1.1 ${head.status} ${head.phrase}\r\n${head.lines}${upgrade}\r\n`
}

export const continueHead = 'HTTP/1.1 100 Continue\r\n\r\n'
