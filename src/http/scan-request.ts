import { AuthorityCache, readAuthority } from './authority.ts'
import { listOf } from './field-lines.ts'
import { bindsConnection, requestDrop } from './field-rules.ts'
import { chunked } from './message.ts'
import type { Authority, Forwarded, HeadLimits, RequestFault, RequestHead } from './message.ts'
import { allCharsOf, classes, fence, latin1, space, standsAt, target as targetClass, token } from './octets.ts'
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
  forwardedFor: 11,
  forwardedProto: 12,
  authorization: 13,
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
  { name: 'x-forwarded-for', code: Code.forwardedFor },
  { name: 'x-forwarded-proto', code: Code.forwardedProto },
  { name: 'authorization', code: Code.authorization },
  ...[
    'forwarded',
    'http2-settings',
    'keep-alive',
    'proxy',
    'proxy-connection',
    'proxy-authorization',
    'proxy-authenticate',
  ].map((name) => ({ name, code: Code.other })),
  ...['client-ip', 'forwarded-for', 'proxy-client-ip', 'trailer', 'true-client-ip', 'wl-proxy-client-ip'].map(
    (name) => ({
      name,
      code: Code.other,
    }),
  ),
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
const longestRequestId = 128
/** So many octets of Authorization tell `Negotiate` from other schemes. */
const schemeLength = 10
const slash = 0x2f
const questionMark = 0x3f
const get = Buffer.from('GET ')
const chunkedText = Buffer.from('chunked')
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
  #targetStart = 0
  #targetEnd = 0
  /** Where the query begins; `#targetEnd` if there is none. */
  #questionAt = 0
  /** Of a target that is no plain path; undefined otherwise. */
  #odd: { readonly path: string; readonly query: string } | undefined
  #targetAuthority: string | undefined
  #minor: 0 | 1 = 1
  /** Where the value of Host stands; -1: there was none. */
  #hostStart = -1
  #hostEnd = -1
  #length = -2
  #chunked = false
  #expect: string | undefined
  #upgrade: string | undefined
  #trailers = false
  #requestId: string | undefined
  #hops = 0
  #bindsConnection = false
  #forwardedFor: string | undefined
  #forwardedProto: string | undefined
  readonly #authorities = new AuthorityCache()

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
    const behind = fence(bytes, end)
    const after = this.#scanHead(bytes, start, end)
    bytes[end] = behind
    return after
  }

  #scanHead(bytes: Buffer, start: number, end: number): number {
    this.#reset()
    const at = this.#scanLine(bytes, start, end)
    if (at < 0) return at
    const after = this.scanFields(bytes, at, end)
    if (after === -2) return this.#refuse('HeadTooLarge')
    if (after < 0) return this.#refuse('BadRequest')
    this.decode(start, after)
    return this.#finish() ? after : -1
  }

  #reset(): void {
    this.fault = 'BadRequest'
    this.#targetAuthority = this.#expect = this.#upgrade = this.#requestId = this.#odd = undefined
    this.#forwardedFor = this.#forwardedProto = undefined
    this.#length = -2
    this.#hostStart = -1
    this.#chunked = this.#trailers = this.#bindsConnection = false
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
    this.#method = standsAt(bytes, start, get) ? 'GET' : latin1(bytes, start, at)
    const targetStart = ++at
    let question = -1
    for (let octet = bytes[at] ?? 0; ((classes[octet] ?? 0) & targetClass) !== 0; octet = bytes[++at] ?? 0)
      if (octet === questionMark && question < 0) question = at
    if (at === targetStart || bytes[at] !== space) return this.#refuse('BadRequest')
    this.#targetStart = targetStart
    this.#targetEnd = at
    this.#questionAt = question < 0 ? at : question
    at++
    const version = at + http11.length
    if (version >= end) return this.#refuse('BadRequest')
    if (standsAt(bytes, at, http11)) this.#minor = 1
    else if (standsAt(bytes, at, http10)) this.#minor = 0
    else return this.#refuse('BadRequest')
    if (this.#method === 'CONNECT' || this.#method === 'TRACE') return this.#refuse('MethodNotAllowed')
    return bytes[targetStart] === slash || this.#readOddTarget(latin1(bytes, targetStart, at - 1)) ? version : -1
  }

  /** Absolute form, or `*` for OPTIONS (RFC 9112 3.2). */
  #readOddTarget(target: string): boolean {
    if (target === '*' && this.#method === 'OPTIONS') {
      this.#odd = { path: '*', query: '' }
      return true
    }
    const scheme = absolute.exec(target)
    if (scheme === null) return false
    const after = target.slice(scheme[0].length).search(/[/?]/)
    const authorityEnd = after < 0 ? target.length : scheme[0].length + after
    this.#targetAuthority = target.slice(scheme[0].length, authorityEnd)
    const rest = target.slice(authorityEnd)
    const question = rest.indexOf('?')
    const path = question < 0 ? rest : rest.slice(0, question)
    this.#odd = { path: path === '' ? '/' : path, query: question < 0 ? '' : rest.slice(question) }
    return true
  }

  protected override known(code: number, start: number, end: number): boolean | undefined {
    switch (code) {
      case Code.host:
        if (this.#hostStart >= 0) return undefined
        this.#hostStart = start
        this.#hostEnd = end
        return false
      case Code.contentLength:
        return this.#readContentLength(start, end)
      case Code.transferEncoding:
        if (this.#chunked || !this.isText(start, end, chunkedText)) return undefined
        this.#chunked = true
        return false
      case Code.connection:
        this.nominate(start, end, spared)
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
      case Code.forwardedFor:
        this.#forwardedFor = joined(this.#forwardedFor, this.#text(start, end))
        return false
      case Code.forwardedProto:
        this.#forwardedProto = joined(this.#forwardedProto, this.#text(start, end).toLowerCase())
        return false
      case Code.hops:
        this.#hops = Math.max(this.#hops, readHops(this.#text(start, end)))
        return false
      case Code.authorization:
        this.#bindsConnection ||= bindsConnection(this.#text(start, Math.min(end, start + schemeLength)))
        return true
      default:
        return false
    }
  }

  #text(start: number, end: number): string {
    return latin1(this.bytes, start, end)
  }

  /** Once: a repeat could be read in two ways (RFC 9112 6.3). */
  #readContentLength(start: number, end: number): false | undefined {
    const length = this.readLength(start, end)
    if (length < 0 || this.#length !== -2) return undefined
    this.#length = length
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
    const target = this.slice(this.#targetStart, this.#targetEnd)
    const lines = this.takeLines()
    this.#head = {
      method: this.#method,
      target,
      path: this.#odd?.path ?? this.#pathOf(target),
      query: this.#odd?.query ?? this.slice(this.#questionAt, this.#targetEnd),
      minor: this.#minor,
      authority,
      lines,
      dropped: this.takeDropped(),
      bodyLength,
      lengthGiven: this.#length >= 0,
      persistent: this.#isPersistent(),
      expectContinue: this.#minor === 1 && this.#expect !== undefined && bodyLength !== 0,
      websocket: this.#isWebSocket(bodyLength),
      acceptsTrailers: this.#trailers,
      requestId: id !== '' && id.length <= longestRequestId && allCharsOf(id, token) ? id : undefined,
      forwarded: this.#readForwarded(),
      hops: this.#hops,
      bindsConnection: this.#bindsConnection,
    }
    return true
  }

  #pathOf(target: string): string {
    return this.#questionAt === this.#targetEnd ? target : this.slice(this.#targetStart, this.#questionAt)
  }

  /** One Host in 1.1, equal to the authority of an absolute form; null refuses (RFC 9112 3.2). */
  #readHost(): Authority | undefined | null {
    const isGiven = this.#hostStart >= 0
    if (!isGiven && this.#minor === 1) return null
    const host = isGiven ? this.#authorities.read(this.bytes, this.#hostStart, this.#hostEnd) : undefined
    if (isGiven && host === undefined) return null
    if (this.#targetAuthority === undefined) return host
    const named = readAuthority(this.#targetAuthority)
    if (named === undefined || named.name === '') return null
    return host !== undefined && (host.name !== named.name || host.port !== named.port) ? null : named
  }

  #readForwarded(): Forwarded | undefined {
    if (this.#forwardedFor === undefined && this.#forwardedProto === undefined) return undefined
    const proto = this.#forwardedProto === 'http' || this.#forwardedProto === 'https' ? this.#forwardedProto : undefined
    return { for: this.#forwardedFor ?? '', proto }
  }

  #isPersistent(): boolean {
    return !this.closes && (this.#minor === 1 || this.keepsAlive)
  }

  /** RFC 6455 4.1; any other upgrade is a plain request. */
  #isWebSocket(bodyLength: number): boolean {
    const asked = this.#upgrade === 'websocket' && this.upgrades
    return asked && this.#method === 'GET' && this.#minor === 1 && bodyLength === 0
  }
}

/** Fields of one name are one list (RFC 9110 5.3). */
function joined(before: string | undefined, text: string): string {
  return before === undefined ? text : `${before},${text}`
}

/** Something that is no small number counts as many hops: a loop must not be able to hide. */
function readHops(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : 10_000
}
