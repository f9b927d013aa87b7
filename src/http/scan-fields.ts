import { listOf } from './field-lines.ts'
import type { DropReason, DroppedField, HeadLimits } from './message.ts'
import { classes, colon, cr, latin1, lf, plainName, space, tab, token, value } from './octets.ts'

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

/**
 * One pass over the field lines of a head that is known to end in a blank line. Each line is checked octet by octet
 * (RFC 9112 5, RFC 9110 5.5: no folding, no space before the colon, no control octets) and kept or dropped. Kept lines
 * that are written canonically (`Name: value`) are taken together as one slice; others are printed anew.
 */
export abstract class FieldScanner {
  protected bytes: Buffer = Buffer.alloc(0)
  protected lines = ''
  #dropped: DroppedField[] | undefined
  /** What `Connection` said, lower case. */
  protected options: string[] = []
  #nominated: string[] = []
  readonly #limits: HeadLimits
  readonly #known = new Map<number, WatchedField>()
  readonly #drop: (name: string) => DropReason | undefined
  readonly #suspectAll: boolean

  /** Names that begin with X or S, or are spelled oddly, are put to `drop`; all names are if none is known. */
  constructor(limits: HeadLimits, known: readonly KnownField[], drop: (name: string) => DropReason | undefined) {
    this.#limits = limits
    this.#drop = drop
    this.#suspectAll = known.length === 0
    for (const field of known) this.#known.set(hashOf(field.name), { ...field, reason: drop(field.name) ?? 'framing' })
  }

  /** Acts on a known field; answers whether the line may go on, or `undefined` if the message is refused. */
  protected abstract known(code: number, start: number, end: number): boolean | undefined

  /** Reads lines from `at` to the blank line, which ends at `end` or before. Answers where, -1 if refused, -2 if there are too many. */
  protected scanFields(bytes: Buffer, at: number, end: number): number {
    this.bytes = bytes
    this.lines = ''
    this.#dropped = undefined
    if (this.options.length > 0) this.options = []
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
      if (run < lineStart) this.lines += latin1(bytes, run, lineStart)
      run = at
      if (keep) this.lines += `${latin1(bytes, lineStart, nameEnd)}: ${latin1(bytes, valueStart, valueEnd)}\r\n`
    }
    if (bytes[at + 1] !== lf || at + 2 > end) return -1
    if (run < at) this.lines += latin1(bytes, run, at)
    if (this.#nominated.length > 0) this.#dropNominated()
    return at + 2
  }

  protected get dropped(): readonly DroppedField[] {
    return this.#dropped ?? nothingDropped
  }

  #dropField(name: string, reason: DropReason): false {
    this.#dropped ??= []
    this.#dropped.push({ name, reason })
    return false
  }

  /** Notes the options of `Connection`, lower case; those that are not spared name fields to drop. */
  protected nominate(text: string, spared: ReadonlySet<string>): void {
    if (text === 'keep-alive' || text === 'close') return void this.options.push(text)
    for (const option of listOf(text)) {
      this.options.push(option)
      if (!spared.has(option)) this.#nominated.push(option)
    }
  }

  #judge(
    start: number,
    end: number,
    hash: number,
    plain: boolean,
    valueStart: number,
    valueEnd: number,
  ): boolean | undefined {
    const known = this.#known.get(hash)
    if (known !== undefined && this.#isNamed(known.name, start, end)) {
      const keep = this.known(known.code, valueStart, valueEnd)
      return keep === false && known.carried !== true
        ? this.#dropField(latin1(this.bytes, start, end), known.reason)
        : keep
    }
    const first = (this.bytes[start] ?? 0) | 0x20
    if (plain && !this.#suspectAll && first !== letterX && first !== letterS) return true
    const name = latin1(this.bytes, start, end)
    const reason = this.#drop(name)
    return reason === undefined ? true : this.#dropField(name, reason)
  }

  #isNamed(name: string, start: number, end: number): boolean {
    if (end - start !== name.length) return false
    for (let at = 0; at < name.length; at++)
      if (((this.bytes[start + at] ?? 0) | 0x20) !== (name.charCodeAt(at) | 0x20)) return false
    return true
  }

  /** A nominated field may stand before the `Connection` that names it, so this comes last. Rare. */
  #dropNominated(): void {
    const names = new Set(this.#nominated)
    let kept = ''
    for (const line of this.lines.split('\r\n')) {
      if (line === '') continue
      const name = line.slice(0, line.indexOf(':'))
      if (names.has(name.toLowerCase())) this.#dropField(name, 'nominated')
      else kept += `${line}\r\n`
    }
    this.lines = kept
  }
}

function hashOf(name: string): number {
  let hash = 0
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + (name.charCodeAt(at) | 0x20)) | 0
  return hash
}
