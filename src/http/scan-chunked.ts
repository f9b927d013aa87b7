import { trailerDrop } from './field-rules.ts'
import type { DropReason, DroppedField } from './message.ts'
import { classes, cr, latin1, lf, token, value } from './octets.ts'
import { FieldScanner } from './scan-fields.ts'

const longestSizeLine = 256
/** Chunks up to this size are moved together. */
const smallChunk = 1024
const fewOctets = 32
const mostExtension = 16 * 1024
const trailerLimits = { requestLine: 0, head: 16 * 1024, fields: 64 }
/** Most bodies end with the blank line alone. */
const firstTrailers = 64
const semicolon = 0x3b
const equals = 0x3d
const quote = 0x22
const backslash = 0x5c
/** 13 hexadecimal digits are 2^52: no size may leave the range in which numbers are exact. */
const longestSize = 13

const nothing = new Uint8Array(0)

type ExtensionState = 'nameStart' | 'name' | 'valueStart' | 'value' | 'quoted' | 'quotedPair' | 'quotedEnd'
type State = ExtensionState | 'size' | 'sizeEnd' | 'data' | 'dataCr' | 'dataLf' | 'trailers' | 'done' | 'fault'

/** Reads trailer fields as strictly as head fields, and lets only those go on that may. */
class TrailerScanner extends FieldScanner {
  constructor(drop: (name: string) => DropReason | undefined) {
    super(trailerLimits, [], drop)
  }

  protected override known(): boolean {
    return true
  }

  /** The lines that may go on, or undefined if the section is malformed. `dropped` tells what was left out. */
  read(bytes: Buffer): { readonly lines: string; readonly dropped: readonly DroppedField[] } | undefined {
    if (this.scanFields(bytes, 0, bytes.length) !== bytes.length) return undefined
    this.decode(0, bytes.length)
    return { lines: this.takeLines(), dropped: this.takeDropped() }
  }
}

/**
 * Takes a chunked body apart (RFC 9112 7.1), strictly: CRLF alone ends a line, sizes are plain hexadecimal, nothing is
 * forgiven. Octets may come cut anywhere. Chunk extensions are read and left out.
 */
export class ChunkedDecoder {
  #state: State = 'size'
  #size = 0
  #sizeDigits = 0
  #line = 0
  #extension = 0
  #trailerBytes = nothing
  #trailerLength = 0
  trailers = ''
  droppedTrailers: readonly DroppedField[] = []

  reset(): void {
    this.#state = 'size'
    this.#size = this.#sizeDigits = this.#line = this.#extension = 0
    this.#dropTrailers()
    this.trailers = ''
    this.droppedTrailers = []
  }

  get done(): boolean {
    return this.#state === 'done'
  }

  /** The body is malformed; nothing after it can be trusted. */
  get faulty(): boolean {
    return this.#state === 'fault'
  }

  /**
   * Takes octets until they are used up, the body ends or proves faulty, or `data` answers false. Answers the index of
   * the first octet that was not taken. `data` is handed runs of body octets: those of small chunks are moved together
   * within `bytes`, so that a body of one-octet chunks does not cost a call for each of its octets.
   */
  take(
    bytes: Buffer,
    start: number,
    end: number,
    data: (bytes: Buffer, start: number, end: number) => boolean,
  ): number {
    let at = start
    let run = start
    let runEnd = start
    while (at < end && this.#state !== 'done' && this.#state !== 'fault') {
      if (this.#state !== 'data') {
        at = this.#stepAside(bytes, at, end)
        continue
      }
      const stop = Math.min(end, at + this.#size)
      if (stop - at > smallChunk && run < runEnd) {
        if (!data(bytes, run, runEnd)) return at
        run = runEnd
      }
      this.#size -= stop - at
      if (this.#size === 0) this.#state = 'dataCr'
      if (run === runEnd) run = at
      else moveDown(bytes, runEnd, at, stop)
      runEnd = run === at ? stop : runEnd + stop - at
      at = stop
    }
    if (run < runEnd) data(bytes, run, runEnd)
    return at
  }

  /** What stands between data: where two lines or one are there whole, as nearly always, in one go. Answers where the rest begins. */
  #stepAside(bytes: Buffer, at: number, end: number): number {
    if (this.#state === 'dataCr' && at + 1 < end && bytes[at] === cr && bytes[at + 1] === lf) {
      this.#state = 'size'
      this.#sizeDigits = this.#line = 0
      return at + 2
    }
    const after = this.#state === 'size' && this.#line === 0 ? this.#plainSize(bytes, at, end) : at
    if (after === at) this.#step(bytes[at] ?? 0)
    return after === at ? at + 1 : after
  }

  /** A size line of a chunk with data and without extensions. Answers where its data begins, or `at` where there is no such line. */
  #plainSize(bytes: Buffer, at: number, end: number): number {
    let size = 0
    let place = at
    for (const stop = Math.min(end, at + longestSize); place < stop; place++) {
      const digit = hexadecimal(bytes[place] ?? 0)
      if (digit < 0) break
      size = size * 16 + digit
    }
    if (size === 0 || place + 1 >= end || bytes[place] !== cr || bytes[place + 1] !== lf) return at
    this.#size = size
    this.#state = 'data'
    return place + 2
  }

  #step(octet: number): void {
    switch (this.#state) {
      case 'size':
        return this.#sizeOctet(octet)
      case 'sizeEnd':
        return this.#sizeEnd(octet)
      case 'dataCr':
        this.#state = octet === cr ? 'dataLf' : 'fault'
        return
      case 'dataLf':
        this.#state = octet === lf ? 'size' : 'fault'
        this.#sizeDigits = this.#line = 0
        return
      case 'trailers':
        return this.#trailerOctet(octet)
      case 'data':
      case 'done':
      case 'fault':
        return
      case 'nameStart':
      case 'name':
      case 'valueStart':
      case 'value':
      case 'quoted':
      case 'quotedPair':
      case 'quotedEnd':
        return this.#extensionOctet(this.#state, octet)
    }
  }

  #sizeOctet(octet: number): void {
    const digit = hexadecimal(octet)
    if (digit >= 0) {
      this.#size = this.#sizeDigits === 0 ? digit : this.#size * 16 + digit
      if (++this.#sizeDigits > longestSize) this.#state = 'fault'
    } else if (this.#sizeDigits === 0) this.#state = 'fault'
    else if (octet === cr) this.#state = 'sizeEnd'
    else this.#state = octet === semicolon ? 'nameStart' : 'fault'
    this.#line++
  }

  /** What an extension says is nobody's business but the sender's; that it is one is checked. */
  #extensionOctet(state: ExtensionState, octet: number): void {
    const tooLong = ++this.#line > longestSizeLine || ++this.#extension > mostExtension
    this.#state = tooLong ? 'fault' : afterExtensionOctet(state, octet)
  }

  #sizeEnd(octet: number): void {
    if (octet !== lf) this.#state = 'fault'
    else this.#state = this.#size === 0 ? 'trailers' : 'data'
  }

  #trailerOctet(octet: number): void {
    const held = this.#roomForTrailer()
    held[this.#trailerLength++] = octet
    const length = this.#trailerLength
    if (length > trailerLimits.head || (octet === lf && held[length - 2] !== cr)) this.#state = 'fault'
    else if (octet === lf && (length === 2 || (held[length - 4] === cr && held[length - 3] === lf))) this.#endTrailers()
  }

  #roomForTrailer(): Uint8Array {
    if (this.#trailerLength < this.#trailerBytes.length) return this.#trailerBytes
    const grown = new Uint8Array(Math.max(firstTrailers, 2 * this.#trailerLength))
    grown.set(this.#trailerBytes)
    return (this.#trailerBytes = grown)
  }

  #dropTrailers(): void {
    this.#trailerBytes = nothing
    this.#trailerLength = 0
  }

  #endTrailers(): void {
    const bytes = this.#trailerBytes.subarray(0, this.#trailerLength)
    const read = bytes.length === 2 ? { lines: '', dropped: [] } : readTrailers(Buffer.from(bytes))
    this.#dropTrailers()
    this.#state = read === undefined ? 'fault' : 'done'
    this.trailers = read?.lines ?? ''
    this.droppedTrailers = read?.dropped ?? []
  }
}

/** A few octets are moved sooner than the call that would move them is made. */
function moveDown(bytes: Buffer, to: number, start: number, end: number): void {
  if (end - start > fewOctets) bytes.copyWithin(to, start, end)
  else for (let at = start, free = to; at < end;) bytes[free++] = bytes[at++] ?? 0
}

/** `;name`, `;name=token`, `;name="text"` (RFC 9112 7.1.1). Blanks, which it has receivers bear with, are refused. */
function afterExtensionOctet(state: ExtensionState, octet: number): State {
  const kind = classes[octet] ?? 0
  const isToken = (kind & token) !== 0
  switch (state) {
    case 'nameStart':
      return isToken ? 'name' : 'fault'
    case 'valueStart':
      if (octet === quote) return 'quoted'
      return isToken ? 'value' : 'fault'
    case 'quoted':
      if (octet === quote) return 'quotedEnd'
      if (octet === backslash) return 'quotedPair'
      return (kind & value) === 0 ? 'fault' : 'quoted'
    case 'quotedPair':
      return (kind & value) === 0 ? 'fault' : 'quoted'
    case 'name':
    case 'value':
      if (isToken) return state
      if (state === 'name' && octet === equals) return 'valueStart'
      break
    case 'quotedEnd':
  }
  if (octet === cr) return 'sizeEnd'
  return octet === semicolon ? 'nameStart' : 'fault'
}

function readTrailers(bytes: Buffer): ReturnType<TrailerScanner['read']> {
  return new TrailerScanner(trailerDrop).read(bytes)
}

function hexadecimal(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** The head of a chunk that we send. */
export function printChunkHead(size: number): string {
  return `${size.toString(16)}\r\n`
}

/** The end of a chunked body: the last chunk, trailer lines if there are any, and the blank line. */
export function printLastChunk(trailers: string): string {
  return `0\r\n${trailers}\r\n`
}

/** One whole chunk as text. */
export function printChunk(bytes: Buffer, start: number, end: number): string {
  return `${printChunkHead(end - start)}${latin1(bytes, start, end)}\r\n`
}
