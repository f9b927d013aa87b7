import { HeadEnd } from './head-end.ts'
import type { HeadLimits, RequestFault, RequestHead } from './message.ts'
import { RequestScanner } from './scan-request.ts'

/** A request in words, as somebody asks about it. */
export interface RequestInWords {
  readonly method: string
  readonly target: string
  /** What Host says if `fields` has none. */
  readonly host: string
  /** Each `Name: value`. */
  readonly fields: readonly string[]
}

/**
 * Reads a request in words exactly as if its octets had come from a client: the same limits, the same scanner. A line end
 * in any part is a fault, not a way to write another line.
 */
export function readRequestHead(request: RequestInWords, limits: HeadLimits): RequestHead | RequestFault {
  const { method, target, host, fields } = request
  const own = fields.some((line) => /^host:/i.test(line)) ? [] : [`Host: ${host}`]
  const lines = [`${method} ${target} HTTP/1.1`, ...own, ...fields]
  if (lines.some((line) => line === '' || /[\r\n]/.test(line))) return 'BadRequest'
  return readOctets(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), limits)
}

function readOctets(bytes: Buffer, limits: HeadLimits): RequestHead | RequestFault {
  const headEnd = new HeadEnd(limits)
  if (headEnd.find(bytes, 0, bytes.length) < 0) return headEnd.fault
  const scanner = new RequestScanner(limits)
  return scanner.scan(bytes, 0, bytes.length) !== bytes.length ? scanner.fault : scanner.head
}
