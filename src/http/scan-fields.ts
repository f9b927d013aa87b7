import { listOf } from './field-lines.ts'
import type { DropReason, DroppedField, HeadLimits } from './message.ts'
import { classes, colon, cr, digit, latin1, lf, plainName, space, tab, token, value } from './octets.ts'

/** A field name that a scanner acts on, besides keeping or dropping it. */
export interface KnownField {
  readonly name: string
  readonly code: number
  /** What it says goes on in other words, so its line is left out without counting as dropped. */
  readonly carried?: true
}

interface WatchedField extends KnownField {
  readonly reason: DropReason
}

const nothingDropped: readonly DroppedField[] = []
const letterX = 0x78
const letterS = 0x73
const zero = 0x30
/** Every length of so many digits is exact as a number. */
const longestLength = 15
/** Judgements on field names that are remembered. */
const mostJudged = 512
const keepAlive = Buffer.from('keep-alive')
const close = Buffer.from('close')

/**
 * One pass over the field lines of a head. Each line is checked octet by octet (RFC 9112 5, RFC 9110 5.5: no folding, no
 * space before the colon, no control octets) and kept or dropped. What is found is noted as indexes; text is made of
 * them once, at the end, since making a string costs as much as looking at a hundred octets.
 */
export abstract class FieldScanner {
  protected bytes: Buffer = Buffer.alloc(0)
  /** What `Connection` said. */
  protected closes = false
  protected keepsAlive = false
  protected upgrades = false
  #nominated: string[] = []
  /** Kept lines that are written canonically (`Name: value`): pairs of start and end. */
  readonly #runs: Int32Array
  #runCount = 0
  /** Kept lines before those, printed. */
  #printed = ''
  /** Names of dropped fields: pairs of start and end, and the reason of each. */
  readonly #dropRanges: Int32Array
  readonly #dropReasons: DropReason[] = []
  #dropCount = 0
  #droppedByName: readonly DroppedField[] = nothingDropped
  #text = ''
  #textStart = 0
  readonly #limits: HeadLimits
  /** By the low octet of the hash of their names, which tells most other names apart. */
  readonly #known: (WatchedField | undefined)[] = Array.from({ length: 256 })
  readonly #drop: (name: string) => DropReason | undefined
  readonly #judged = new Map<string, DropReason | undefined>()
  readonly #suspectAll: boolean

  /** Names that begin with X or SS, or are spelled oddly, are put to `drop`; all names are if none is known. */
  constructor(limits: HeadLimits, known: readonly KnownField[], drop: (name: string) => DropReason | undefined) {
    this.#limits = limits
    this.#runs = new Int32Array(2 * (limits.fields + 1))
    this.#dropRanges = new Int32Array(2 * limits.fields)
    this.#drop = drop
    this.#suspectAll = known.length === 0
    for (const field of known) {
      const place = hashOf(field.name) & 0xff
      if (this.#known[place] !== undefined) throw new RangeError(`${field.name}: its hash is that of another field`)
      this.#known[place] = { ...field, reason: drop(field.name) ?? 'framing' }
    }
  }

  /** Acts on a known field; answers whether the line may go on, or `undefined` if the message is refused. */
  protected abstract known(code: number, start: number, end: number): boolean | undefined

  /** Reads lines from `at` to the blank line, which ends at `end` or before. Answers where, -1 if refused, -2 if there are too many. */
  protected scanFields(bytes: Buffer, at: number, end: number): number {
    this.bytes = bytes
    this.#printed = ''
    this.#runCount = this.#dropCount = 0
    this.closes = this.keepsAlive = this.upgrades = false
    this.#droppedByName = nothingDropped
    if (this.#nominated.length > 0) this.#nominated = []
    let run = at
    let count = 0
    while (bytes[at] !== cr) {
      if (++count > this.#limits.fields) return -2
      const lineStart = at
      let plain = true
      let hash = 0
      let octet = bytes[at] ?? 0
      while (octet !== colon) {
        const kind = classes[octet] ?? 0
        if ((kind & token) === 0) return -1
        if ((kind & plainName) === 0) plain = false
        hash = (Math.imul(hash, 31) + (octet | 0x20)) | 0
        octet = bytes[++at] ?? 0
      }
      const nameEnd = at
      if (nameEnd === lineStart) return -1
      at++
      while (bytes[at] === space || bytes[at] === tab) at++
      const valueStart = at
      while (((classes[bytes[at] ?? 0] ?? 0) & value) !== 0) at++
      if (bytes[at] !== cr || bytes[at + 1] !== lf || at + 2 >= end) return -1
      let valueEnd = at
      while (valueEnd > valueStart && (bytes[valueEnd - 1] === space || bytes[valueEnd - 1] === tab)) valueEnd--
      at += 2
      const keep = this.#judge(lineStart, nameEnd, hash, plain, valueStart, valueEnd)
      if (keep === undefined) return -1
      const canonical = valueStart === nameEnd + 2 && bytes[nameEnd + 1] === space && valueEnd === at - 2
      if (keep && canonical) continue
      if (run < lineStart) this.#noteRun(run, lineStart)
      run = at
      if (keep) this.#print(lineStart, nameEnd, valueStart, valueEnd)
    }
    if (bytes[at + 1] !== lf || at + 2 > end) return -1
    if (run < at) this.#noteRun(run, at)
    return at + 2
  }

  #noteRun(start: number, end: number): void {
    this.#runs[2 * this.#runCount] = start
    this.#runs[2 * this.#runCount++ + 1] = end
  }

  /** Makes text of the whole message head, of which `slice` takes parts from then on. */
  protected decode(start: number, end: number): void {
    this.#text = latin1(this.bytes, start, end)
    this.#textStart = start
  }

  protected slice(start: number, end: number): string {
    return this.#text.slice(start - this.#textStart, end - this.#textStart)
  }

  /** All lines that go on, after `decode`. */
  protected takeLines(): string {
    let lines = this.#printed
    for (let at = 0; at < this.#runCount; at++)
      lines += this.slice(this.#runs[2 * at] ?? 0, this.#runs[2 * at + 1] ?? 0)
    return this.#nominated.length === 0 ? lines : this.#withoutNominated(lines)
  }

  /** What does not go on, after `decode`. Nominated fields are among them once the lines have been taken. */
  protected takeDropped(): readonly DroppedField[] {
    if (this.#dropCount === 0) return this.#droppedByName
    const dropped = [this.#droppedAt(0)]
    for (let at = 1; at < this.#dropCount; at++) dropped.push(this.#droppedAt(at))
    return this.#droppedByName.length === 0 ? dropped : [...dropped, ...this.#droppedByName]
  }

  #droppedAt(at: number): DroppedField {
    const name = this.slice(this.#dropRanges[2 * at] ?? 0, this.#dropRanges[2 * at + 1] ?? 0)
    return { name, reason: this.#dropReasons[at] ?? 'framing' }
  }

  /** A line that is not written canonically; those before it are printed first, so that the order stays. */
  #print(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const { bytes } = this
    for (let at = 0; at < this.#runCount; at++)
      this.#printed += latin1(bytes, this.#runs[2 * at] ?? 0, this.#runs[2 * at + 1] ?? 0)
    this.#runCount = 0
    this.#printed += `${latin1(bytes, nameStart, nameEnd)}: ${latin1(bytes, valueStart, valueEnd)}\r\n`
  }

  #dropField(start: number, end: number, reason: DropReason): false {
    this.#dropRanges[2 * this.#dropCount] = start
    this.#dropRanges[2 * this.#dropCount + 1] = end
    this.#dropReasons[this.#dropCount++] = reason
    return false
  }

  /** Notes the options of `Connection`; those that are not spared name fields to drop. */
  protected nominate(start: number, end: number, spared: ReadonlySet<string>): void {
    if (this.isText(start, end, keepAlive)) this.keepsAlive = true
    else if (this.isText(start, end, close)) this.closes = true
    else for (const option of listOf(latin1(this.bytes, start, end))) this.#noteOption(option, spared)
  }

  #noteOption(option: string, spared: ReadonlySet<string>): void {
    if (option === 'close') this.closes = true
    if (option === 'keep-alive') this.keepsAlive = true
    if (option === 'upgrade') this.upgrades = true
    if (!spared.has(option)) this.#nominated.push(option)
  }

  #judge(
    start: number,
    end: number,
    hash: number,
    plain: boolean,
    valueStart: number,
    valueEnd: number,
  ): boolean | undefined {
    const known = this.#known[hash & 0xff]
    if (known !== undefined && this.#isNamed(known.name, start, end)) {
      const keep = this.known(known.code, valueStart, valueEnd)
      return keep === false && known.carried !== true ? this.#dropField(start, end, known.reason) : keep
    }
    if (plain && !this.#suspectAll && !this.#isSuspect(start)) return true
    const reason = this.#judgeName(latin1(this.bytes, start, end))
    return reason === undefined ? true : this.#dropField(start, end, reason)
  }

  /** Of names of letters, digits and hyphens, those that `drop` may have something against. */
  #isSuspect(start: number): boolean {
    const first = (this.bytes[start] ?? 0) | 0x20
    return first === letterX || (first === letterS && ((this.bytes[start + 1] ?? 0) | 0x20) === letterS)
  }

  /** Clients repeat names, so judgements are remembered; made-up names make them be forgotten, and no more. */
  #judgeName(name: string): DropReason | undefined {
    const judged = this.#judged.get(name)
    if (judged !== undefined || this.#judged.has(name)) return judged
    if (this.#judged.size >= mostJudged) this.#judged.clear()
    const reason = this.#drop(name)
    this.#judged.set(name, reason)
    return reason
  }

  #isNamed(name: string, start: number, end: number): boolean {
    if (end - start !== name.length) return false
    for (let at = 0; at < name.length; at++)
      if (((this.bytes[start + at] ?? 0) | 0x20) !== (name.charCodeAt(at) | 0x20)) return false
    return true
  }

  /** Whether a value is this text, in any case. `text` is of lower-case letters and hyphens. */
  protected isText(start: number, end: number, text: Buffer): boolean {
    if (end - start !== text.length) return false
    for (let at = 0; at < text.length; at++) if (((this.bytes[start + at] ?? 0) | 0x20) !== text[at]) return false
    return true
  }

  /** Canonical digits; -1 for anything else: what a sign, a list or a leading zero says could be read in two ways. */
  protected readLength(start: number, end: number): number {
    const count = end - start
    if (count === 0 || count > longestLength || (count > 1 && this.bytes[start] === zero)) return -1
    let length = 0
    for (let at = start; at < end; at++) {
      const octet = this.bytes[at] ?? 0
      if (((classes[octet] ?? 0) & digit) === 0) return -1
      length = length * 10 + octet - zero
    }
    return length
  }

  /** A nominated field may stand before the `Connection` that names it, so this comes last. Rare. */
  #withoutNominated(lines: string): string {
    const names = new Set(this.#nominated)
    const dropped: DroppedField[] = []
    let kept = ''
    for (const line of lines.split('\r\n')) {
      if (line === '') continue
      const name = line.slice(0, line.indexOf(':'))
      if (names.has(name.toLowerCase())) dropped.push({ name, reason: 'nominated' })
      else kept += `${line}\r\n`
    }
    this.#droppedByName = dropped
    return kept
  }
}

function hashOf(name: string): number {
  let hash = 0
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + (name.charCodeAt(at) | 0x20)) | 0
  return hash
}
