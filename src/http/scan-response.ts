import { bindsConnection, responseDrop } from './field-rules.ts'
import { chunked, untilClose } from './message.ts'
import type { HeadLimits, ResponseHead } from './message.ts'
import { allOf, classes, cr, digit, fence, latin1, lf, space, standsAt, value } from './octets.ts'
import { FieldScanner } from './scan-fields.ts'
import type { KnownField } from './scan-fields.ts'

const Code = {
  contentLength: 1,
  transferEncoding: 2,
  connection: 3,
  keepAlive: 4,
  upgrade: 5,
  server: 6,
  date: 7,
  authenticate: 9,
  other: 8,
} as const

const knownFields: readonly KnownField[] = [
  { name: 'content-length', code: Code.contentLength, carried: true },
  { name: 'transfer-encoding', code: Code.transferEncoding, carried: true },
  { name: 'connection', code: Code.connection },
  { name: 'keep-alive', code: Code.keepAlive },
  { name: 'upgrade', code: Code.upgrade },
  { name: 'server', code: Code.server, carried: true },
  { name: 'date', code: Code.date },
  { name: 'www-authenticate', code: Code.authenticate },
  ...['http2-settings', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'].map(
    (name) => ({
      name,
      code: Code.other,
    }),
  ),
]

const spared: ReadonlySet<string> = new Set([
  'close',
  'keep-alive',
  'upgrade',
  'te',
  'content-length',
  'transfer-encoding',
  'date',
])
const timeout = /(?:^|[,\t ])timeout=(\d{1,6})(?:$|[,\t ])/i
const chunkedText = Buffer.from('chunked')
const http1 = Buffer.from('HTTP/1.')
const zero = 0x30

/** Reads a complete answer head of an upstream strictly. -1 means: not an answer that can be read in one way only. */
export class ResponseScanner extends FieldScanner {
  #head: ResponseHead | undefined
  #length = -1
  #chunked = false
  /** Where the values stand that become text; -1: there was none. */
  #keepAliveStart = -1
  #keepAliveEnd = -1
  #serverStart = -1
  #serverEnd = -1
  #upgrade: string | undefined
  #hasDate = false
  #bindsConnection = false

  constructor(limits: HeadLimits) {
    super(limits, knownFields, responseDrop)
  }

  /** The head of the last scan that was not refused. */
  get head(): ResponseHead {
    if (this.#head === undefined) throw new TypeError('ResponseScanner.head: nothing has been scanned')
    return this.#head
  }

  /** `method` is that of the request: an answer to HEAD has no body. Answers where its blank line ends, `end` at the latest, or -1. */
  scan(bytes: Buffer, start: number, end: number, method: string): number {
    const behind = fence(bytes, end)
    const after = this.#scanHead(bytes, start, end, method)
    bytes[end] = behind
    return after
  }

  #scanHead(bytes: Buffer, start: number, end: number, method: string): number {
    this.#reset()
    const statusAt = start + http1.length + 2
    if (statusAt + 5 > end || !standsAt(bytes, start, http1) || bytes[statusAt - 1] !== space) return -1
    const minor = (bytes[statusAt - 2] ?? 0) - zero
    if ((minor !== 0 && minor !== 1) || !allOf(bytes, statusAt, statusAt + 3, digit)) return -1
    const status = statusIn(bytes, statusAt)
    if (status < 100 || status > 599) return -1
    let phraseEnd = statusAt + 3
    while (((classes[bytes[phraseEnd] ?? 0] ?? 0) & value) !== 0) phraseEnd++
    if (phraseEnd !== statusAt + 3 && bytes[statusAt + 3] !== space) return -1
    if (bytes[phraseEnd] !== cr || bytes[phraseEnd + 1] !== lf) return -1
    const after = this.scanFields(bytes, phraseEnd + 2, end)
    if (after < 0) return -1
    this.decode(start, after)
    const phrase = this.slice(statusAt + 4, Math.max(phraseEnd, statusAt + 4))
    return this.#finish(status, minor, phrase, method) ? after : -1
  }

  #reset(): void {
    this.#length = -1
    this.#chunked = this.#hasDate = this.#bindsConnection = false
    this.#upgrade = undefined
    this.#keepAliveStart = this.#serverStart = -1
  }

  protected override known(code: number, start: number, end: number): boolean | undefined {
    switch (code) {
      case Code.contentLength:
        return this.#readContentLength(start, end)
      case Code.transferEncoding:
        if (this.#chunked || !this.isText(start, end, chunkedText)) return undefined
        this.#chunked = true
        return false
      case Code.connection:
        this.nominate(start, end, spared)
        return false
      case Code.keepAlive:
        this.#keepAliveStart = start
        this.#keepAliveEnd = end
        return false
      case Code.upgrade:
        this.#upgrade = this.#upgrade === undefined ? latin1(this.bytes, start, end).toLowerCase() : ''
        return false
      case Code.server:
        if (this.#serverStart >= 0) return false
        this.#serverStart = start
        this.#serverEnd = end
        return false
      case Code.date:
        if (this.#hasDate) return false
        this.#hasDate = true
        return true
      case Code.authenticate:
        this.#bindsConnection ||= bindsConnection(latin1(this.bytes, start, end))
        return true
      default:
        return false
    }
  }

  #readContentLength(start: number, end: number): false | undefined {
    const length = this.readLength(start, end)
    if (length < 0 || this.#length !== -1) return undefined
    this.#length = length
    return false
  }

  /** RFC 9112 6.3: which framing, and what an answer without a body must not have. */
  #finish(status: number, minor: 0 | 1, phrase: string, method: string): boolean {
    const framed = this.#chunked || this.#length >= 0
    if (
      (this.#chunked && (this.#length >= 0 || minor === 0)) ||
      (framed && (status < 200 || status === 204) && this.#length !== 0)
    )
      return false
    const bodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304
    const lines = this.takeLines()
    this.#head = {
      status,
      minor,
      phrase,
      lines,
      dropped: this.takeDropped(),
      bodyLength: bodiless ? 0 : this.#bodyLength(),
      declaredLength: this.#length < 0 ? undefined : this.#length,
      persistent: this.#isPersistent(minor),
      keepAliveTimeout: this.#keepAliveStart < 0 ? undefined : this.#readTimeout(),
      server: this.#serverStart < 0 ? undefined : this.slice(this.#serverStart, this.#serverEnd),
      hasDate: this.#hasDate,
      websocket: status === 101 && this.#upgrade === 'websocket' && this.upgrades,
    }
    return true
  }

  #readTimeout(): number | undefined {
    const found = timeout.exec(this.slice(this.#keepAliveStart, this.#keepAliveEnd))?.[1]
    return found === undefined ? undefined : Number(found)
  }

  #bodyLength(): number {
    if (this.#chunked) return chunked
    return this.#length >= 0 ? this.#length : untilClose
  }

  #isPersistent(minor: 0 | 1): boolean {
    return !this.closes && !this.#bindsConnection && (minor === 1 || this.keepsAlive)
  }
}

function statusIn(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) * 100 + (bytes[at + 1] ?? 0) * 10 + (bytes[at + 2] ?? 0) - zero * 111
}
