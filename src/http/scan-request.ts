import { readAuthority } from './authority.ts'
import { listOf } from './field-lines.ts'
import { requestDrop } from './field-rules.ts'
import { chunked } from './message.ts'
import type { Authority, HeadLimits, RequestFault, RequestHead } from './message.ts'
import { allCharsOf, classes, digit, latin1, space, standsAt, target as targetClass, token } from './octets.ts'
import { FieldScanner } from './scan-fields.ts'
import type { KnownField } from './scan-fields.ts'

const Code = {
  host: 1,
  contentLength: 2,
  transferEncoding: 3,
  connection: 4,
  expect: 5,
  upgrade: 6,
  te: 7,
  requestId: 8,
  hops: 9,
  other: 10,
} as const

const knownFields: readonly KnownField[] = [
  { name: 'host', code: Code.host, carried: true },
  { name: 'content-length', code: Code.contentLength, carried: true },
  { name: 'transfer-encoding', code: Code.transferEncoding, carried: true },
  { name: 'connection', code: Code.connection },
  { name: 'expect', code: Code.expect },
  { name: 'upgrade', code: Code.upgrade },
  { name: 'te', code: Code.te },
  { name: 'x-request-id', code: Code.requestId },
  { name: 'x-lintel-hops', code: Code.hops },
  ...[
    'forwarded',
    'http2-settings',
    'keep-alive',
    'proxy',
    'proxy-connection',
    'proxy-authorization',
    'proxy-authenticate',
  ].map((name) => ({ name, code: Code.other })),
  ...['trailer', 'true-client-ip'].map((name) => ({ name, code: Code.other })),
]

/** Connection options that are no names of fields to drop; Host and framing are never strippable. */
const spared: ReadonlySet<string> = new Set([
  'close',
  'keep-alive',
  'upgrade',
  'te',
  'host',
  'content-length',
  'transfer-encoding',
])
const longestLength = 15
const longestRequestId = 128
const http11 = Buffer.from('HTTP/1.1\r\n')
const http10 = Buffer.from('HTTP/1.0\r\n')
const absolute = /^https?:\/\//i

/**
 * Reads a complete request head strictly (RFC 9112 3, 5, 6). One object serves a whole worker: its state is that of the
 * last scan. After a refusal nothing that follows on the connection may be read as a request.
 */
export class RequestScanner extends FieldScanner {
  fault: RequestFault = 'BadRequest'
  #head: RequestHead | undefined

  #method = ''
  #target = ''
  #path = ''
  #query = ''
  #targetAuthority: string | undefined
  #minor: 0 | 1 = 1
  #host: string | undefined
  #length = -2
  #chunked = false
  #expect: string | undefined
  #upgrade: string | undefined
  #trailers = false
  #requestId: string | undefined
  #hops = 0
  /** The Host of the scan before: clients repeat it. */
  #lastAuthority: Authority | undefined

  constructor(limits: HeadLimits) {
    super(limits, knownFields, requestDrop)
  }

  /** The head of the last scan that was not refused. */
  get head(): RequestHead {
    if (this.#head === undefined) throw new TypeError('RequestScanner.head: nothing has been scanned')
    return this.#head
  }

  /** Reads the head from `start` to its blank line, which ends at `end` or before. Answers where, or -1 and `fault`. */
  scan(bytes: Buffer, start: number, end: number): number {
    this.#reset()
    const at = this.#scanLine(bytes, start, end)
    if (at < 0) return at
    const after = this.scanFields(bytes, at, end)
    if (after === -2) return this.#refuse('HeadTooLarge')
    if (after < 0) return this.#refuse('BadRequest')
    return this.#finish() ? after : -1
  }

  #reset(): void {
    this.fault = 'BadRequest'
    this.#targetAuthority = this.#host = this.#expect = this.#upgrade = this.#requestId = undefined
    this.#length = -2
    this.#chunked = this.#trailers = false
    this.#hops = 0
  }

  #refuse(fault: RequestFault): -1 {
    this.fault = fault
    return -1
  }

  /** `METHOD SP target SP HTTP/1.x CRLF`, one space each. */
  #scanLine(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (((classes[bytes[at] ?? 0] ?? 0) & token) !== 0) at++
    if (at === start || bytes[at] !== space) return this.#refuse('BadRequest')
    this.#method = latin1(bytes, start, at)
    const targetStart = ++at
    while (((classes[bytes[at] ?? 0] ?? 0) & targetClass) !== 0) at++
    if (at === targetStart || bytes[at] !== space) return this.#refuse('BadRequest')
    this.#target = latin1(bytes, targetStart, at)
    at++
    const version = at + http11.length
    if (version >= end) return this.#refuse('BadRequest')
    if (standsAt(bytes, at, http11)) this.#minor = 1
    else if (standsAt(bytes, at, http10)) this.#minor = 0
    else return this.#refuse('BadRequest')
    if (this.#method === 'CONNECT' || this.#method === 'TRACE') return this.#refuse('MethodNotAllowed')
    return this.#readTarget() ? version : -1
  }

  /** Origin form, absolute form, or `*` for OPTIONS (RFC 9112 3.2). */
  #readTarget(): boolean {
    let rest = this.#target
    if (rest === '*' && this.#method === 'OPTIONS') {
      this.#path = '*'
      this.#query = ''
      return true
    }
    if (!rest.startsWith('/')) {
      const scheme = absolute.exec(rest)
      if (scheme === null) return false
      const slash = rest.slice(scheme[0].length).search(/[/?]/)
      const authorityEnd = slash < 0 ? rest.length : scheme[0].length + slash
      this.#targetAuthority = rest.slice(scheme[0].length, authorityEnd)
      rest = rest.slice(authorityEnd)
    }
    const question = rest.indexOf('?')
    this.#path = question < 0 ? rest : rest.slice(0, question)
    if (this.#path === '') this.#path = '/'
    this.#query = question < 0 ? '' : rest.slice(question)
    return true
  }

  protected override known(code: number, start: number, end: number): boolean | undefined {
    switch (code) {
      case Code.host:
        if (this.#host !== undefined) return undefined
        this.#host = latin1(this.bytes, start, end)
        return false
      case Code.contentLength:
        return this.#readLength(start, end)
      case Code.transferEncoding:
        if (this.#chunked || this.#text(start, end).toLowerCase() !== 'chunked') return undefined
        this.#chunked = true
        return false
      case Code.connection:
        this.nominate(this.#text(start, end), spared)
        return false
      case Code.expect:
        if (this.#expect !== undefined) return undefined
        this.#expect = this.#text(start, end).toLowerCase()
        return false
      case Code.upgrade:
        this.#upgrade = this.#upgrade === undefined ? this.#text(start, end).toLowerCase() : ''
        return false
      case Code.te:
        this.#trailers ||= listOf(this.#text(start, end)).includes('trailers')
        return false
      case Code.requestId:
        this.#requestId = this.#requestId === undefined ? this.#text(start, end) : ''
        return false
      case Code.hops:
        this.#hops = Math.max(this.#hops, readHops(this.#text(start, end)))
        return false
      default:
        return false
    }
  }

  #text(start: number, end: number): string {
    return latin1(this.bytes, start, end)
  }

  /** Canonical digits, once. A repeat, a list, a sign or a leading zero could be read in two ways (RFC 9112 6.3). */
  #readLength(start: number, end: number): false | undefined {
    const text = this.#text(start, end)
    const wellFormed = text !== '' && text.length <= longestLength && allCharsOf(text, digit)
    if (this.#length !== -2 || !wellFormed || (text.length > 1 && text.startsWith('0'))) return undefined
    this.#length = Number(text)
    return false
  }

  /** What can be judged only when all fields are known. */
  #finish(): boolean {
    const authority = this.#readHost()
    const expectOk = this.#minor === 0 || this.#expect === undefined || this.#expect === '100-continue'
    const framingOk = !this.#chunked || (this.#minor === 1 && this.#length === -2)
    if (authority === null || !expectOk || !framingOk) return false
    const bodyLength = this.#chunked ? chunked : Math.max(this.#length, 0)
    const id = this.#requestId ?? ''
    this.#head = {
      method: this.#method,
      target: this.#target,
      path: this.#path,
      query: this.#query,
      minor: this.#minor,
      authority,
      lines: this.lines,
      dropped: this.dropped,
      bodyLength,
      lengthGiven: this.#length >= 0,
      persistent: this.#isPersistent(),
      expectContinue: this.#minor === 1 && this.#expect !== undefined && bodyLength !== 0,
      websocket: this.#isWebSocket(bodyLength),
      acceptsTrailers: this.#trailers,
      requestId: id !== '' && id.length <= longestRequestId && allCharsOf(id, token) ? id : undefined,
      hops: this.#hops,
    }
    return true
  }

  /** One Host in 1.1, equal to the authority of an absolute form; null refuses (RFC 9112 3.2). */
  #readHost(): Authority | undefined | null {
    if (this.#host === undefined && this.#minor === 1) return null
    if (this.#host !== undefined && this.#host !== this.#lastAuthority?.text)
      this.#lastAuthority = readAuthority(this.#host)
    const host = this.#host === undefined ? undefined : this.#lastAuthority
    if (this.#host !== undefined && host === undefined) return null
    if (this.#targetAuthority === undefined) return host
    const named = readAuthority(this.#targetAuthority)
    if (named === undefined || named.name === '') return null
    return host !== undefined && (host.name !== named.name || host.port !== named.port) ? null : named
  }

  #isPersistent(): boolean {
    if (this.options.includes('close')) return false
    return this.#minor === 1 || this.options.includes('keep-alive')
  }

  /** RFC 6455 4.1; any other upgrade is a plain request. */
  #isWebSocket(bodyLength: number): boolean {
    const asked = this.#upgrade === 'websocket' && this.options.includes('upgrade')
    return asked && this.#method === 'GET' && this.#minor === 1 && bodyLength === 0
  }
}

/** Something that is no small number counts as many hops: a loop must not be able to hide. */
function readHops(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : 10_000
}
