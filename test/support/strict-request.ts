/**
 * A reader of HTTP/1.1 requests that takes each in exactly one way or not at all. It judges what a proxy sends, so nothing
 * here comes from the program under test. Octets are latin1 text.
 */
export interface StrictRequest {
  readonly method: string
  readonly target: string
  readonly fields: readonly Field[]
  /** Unchunked. */
  readonly body: string
  readonly trailers: readonly Field[]
  /** The head with its blank line. */
  readonly head: string
  /** Octets that it took. */
  readonly length: number
}

export type Field = readonly [name: string, value: string]

/** Undefined while octets are missing. */
export type StrictReading = StrictRequest | { readonly fault: string; readonly head: string } | undefined

const requestLine = /^([!#$%&'*+.^_`|~\dA-Za-z-]+) ([\x21-\x22\x24-\x7e]+) HTTP\/1\.([01])$/
const fieldLine =
  /^([!#$%&'*+.^_`|~\dA-Za-z-]+):[\t ]*((?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)[\t ]*$/
const decimal = /^(0|[1-9]\d*)$/
const chunkSize = /^[\da-f]{1,8}$/i

export function readStrictly(held: string): StrictReading {
  const end = held.indexOf('\r\n\r\n')
  if (end < 0) return /[^\r]\n/.test(held) ? { fault: 'a bare LF', head: held } : undefined
  const head = held.slice(0, end + 4)
  const [line = '', ...lines] = head.slice(0, -4).split('\r\n')
  const [, method, target, minor] = requestLine.exec(line) ?? []
  if (method === undefined || target === undefined) return { fault: 'a bad request line', head }
  const fields = readFields(lines)
  if (fields === undefined) return { fault: 'a bad field line', head }
  const fault = framingFault(fields, minor === '1')
  if (fault !== undefined) return { fault, head }
  const body = readBody(held, head.length, fields)
  if (body === undefined) return undefined
  return 'fault' in body ? { ...body, head } : { method, target, fields, head, ...body }
}

/** Of fields of this name, in any case, what they say. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}

function readFields(lines: readonly string[]): Field[] | undefined {
  const fields: Field[] = []
  for (const line of lines) {
    const [, name, value] = fieldLine.exec(line) ?? []
    if (name === undefined || value === undefined) return undefined
    fields.push([name, value])
  }
  return fields
}

function framingFault(fields: readonly Field[], chunksExist: boolean): string | undefined {
  const lengths = valuesOf(fields, 'content-length')
  const codings = valuesOf(fields, 'transfer-encoding')
  if (valuesOf(fields, 'host').length !== 1) return 'not one Host'
  if (codings.length > 0 && !chunksExist) return 'Transfer-Encoding in HTTP/1.0'
  if (lengths.length + codings.length > 1) return 'more than one framing'
  if (lengths.some((value) => !decimal.test(value))) return 'a bad Content-Length'
  if (codings.some((value) => value.toLowerCase() !== 'chunked')) return 'a bad Transfer-Encoding'
  return undefined
}

type Body = Pick<StrictRequest, 'body' | 'trailers' | 'length'> | { readonly fault: string } | undefined

function readBody(held: string, from: number, fields: readonly Field[]): Body {
  if (valuesOf(fields, 'transfer-encoding').length > 0) return readChunks(held, from)
  const length = from + Number(valuesOf(fields, 'content-length')[0] ?? 0)
  return held.length < length ? undefined : { body: held.slice(from, length), trailers: [], length }
}

function readChunks(held: string, from: number): Body {
  let body = ''
  for (let at = from; ;) {
    const end = held.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = held.slice(at, end)
    if (!chunkSize.test(size)) return { fault: `a bad chunk size ${JSON.stringify(size)}` }
    const stop = end + 2 + Number.parseInt(size, 16)
    if (stop === end + 2) return readTrailers(held, body, stop)
    if (held.length < stop + 2) return undefined
    if (held.slice(stop, stop + 2) !== '\r\n') return { fault: 'no CRLF after a chunk' }
    body += held.slice(end + 2, stop)
    at = stop + 2
  }
}

function readTrailers(held: string, body: string, from: number): Body {
  if (held.startsWith('\r\n', from)) return { body, trailers: [], length: from + 2 }
  const end = held.indexOf('\r\n\r\n', from)
  if (end < 0) return undefined
  const trailers = readFields(held.slice(from, end).split('\r\n'))
  return trailers === undefined ? { fault: 'a bad trailer line' } : { body, trailers, length: end + 4 }
}
