/** An answer as a client sees it, read by rules of its own. */
export interface SeenAnswer {
  readonly status: number
  readonly fields: ReadonlyMap<string, string>
  readonly body: string
  /** Whether it has an end that a client can tell from a cut. */
  readonly complete: boolean
  /** What came after it. */
  readonly rest: string
}

/** How the connection stands: open, ended by a FIN, or reset. */
export type Ending = 'open' | 'fin' | 'reset'

/**
 * Reads one answer from all that has come so far; undefined if more may come. Throws at what no client should have to
 * read: a head that is malformed, or framed twice.
 */
export function readAnswer(text: string, method: string, ending: Ending): SeenAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return ending === 'open' ? undefined : cutAnswer(0, new Map(), text)
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) [\t\x20-\x7E\x80-\xFF]*$/.exec(statusLine)?.[1] ?? Number.NaN)
  if (Number.isNaN(status)) throw new Error(`no status line: ${JSON.stringify(statusLine)}`)
  const fields = readFields(lines)
  const after = text.slice(end + 4)
  if (status >= 100 && status < 200 && status !== 101) return readAnswer(after, method, ending)
  const framed = readBody(after, { status, method, fields, ending })
  if (framed !== undefined) return { status, fields, complete: true, ...framed }
  return ending === 'open' ? undefined : cutAnswer(status, fields, after)
}

function cutAnswer(status: number, fields: SeenAnswer['fields'], body: string): SeenAnswer {
  return { status, fields, body, complete: false, rest: '' }
}

function readFields(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+): ?([\t\x20-\x7E\x80-\xFF]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`no field: ${JSON.stringify(line)}`)
    fields.set(name.toLowerCase(), value)
  }
  if (fields.has('content-length') && fields.has('transfer-encoding')) throw new Error('framed twice')
  return fields
}

type Framed = Pick<SeenAnswer, 'body' | 'rest'>

function readBody(
  text: string,
  how: Pick<SeenAnswer, 'status' | 'fields'> & { readonly method: string; readonly ending: Ending },
): Framed | undefined {
  const { status, fields, method, ending } = how
  if (method === 'HEAD' || status === 204 || status === 304) return { body: '', rest: text }
  if (fields.get('transfer-encoding') === 'chunked') return readChunks(text)
  const length = fields.get('content-length')
  if (length !== undefined) {
    if (text.length < Number(length)) return undefined
    return { body: text.slice(0, Number(length)), rest: text.slice(Number(length)) }
  }
  return ending === 'fin' ? { body: text, rest: '' } : undefined
}

function readChunks(text: string): Framed | undefined {
  let body = ''
  for (let at = 0; ;) {
    const [line, digits = ''] = /^([\da-f]+)\r\n/.exec(text.slice(at, at + 20)) ?? []
    if (line === undefined) {
      if (text.length - at > 20) throw new Error(`no chunk: ${JSON.stringify(text.slice(at, at + 20))}`)
      return undefined
    }
    const size = Number.parseInt(digits, 16)
    const from = at + line.length
    at = from + size + 2
    if (text.length < at) return undefined
    if (text.slice(at - 2, at) !== '\r\n') throw new Error('a chunk is longer than it says')
    if (size === 0) return { body, rest: text.slice(at) }
    body += text.slice(from, from + size)
  }
}
