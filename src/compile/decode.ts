import { nearest } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Diagnostic, Json, JsonRecord, ObjectRef, SourceObject } from '../model/index.ts'

/** Of more unknown fields in one place nothing new is to be said. */
const mostUnknown = 10

/** Of one object so many warnings are told, and as many errors and more: nobody mends a thousand faults one by one. */
const mostWarnings = 500
export const mostFound = 1_000

/** What reading an object gives: a value, or none and at least one error. Readers are total: they never throw. */
export interface Read<T> {
  readonly value: T | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * A place in an untrusted object. Every accessor answers something usable and notes what is wrong, so that one pass over
 * an object finds all its faults.
 */
export class Cursor {
  readonly value: Json | undefined
  readonly field: string
  readonly #object: ObjectRef
  /** By message, so that a fault that is met twice is told once. */
  readonly #found: Map<string, Diagnostic>

  constructor(value: Json | undefined, field: string, object: ObjectRef, found: Map<string, Diagnostic>) {
    this.value = value
    this.field = field
    this.#object = object
    this.#found = found
  }

  /** Absent, or null, which the API server takes for absent. */
  get absent(): boolean {
    return this.value === undefined || this.value === null
  }

  /** Notes that the API server would refuse this value. */
  refuse(message: string, hint: string): void {
    const place = { object: this.#object, field: this.field }
    const text = `${this.field}: ${message}`
    if (this.#found.size < mostFound && !this.#found.has(text))
      this.#found.set(text, diagnose('InvalidObject', place, { message: text, hint }))
  }

  /** Notes fields of a map beside these: nobody reads them, and most are misspelt. */
  expect(...names: readonly string[]): void {
    const all = isRecord(this.value) ? Object.keys(this.value) : []
    for (const name of all.filter((key) => !names.includes(key)).slice(0, mostUnknown)) {
      const field = this.field === '' ? name : `${this.field}.${name}`
      const near = names.find((known) => known.toLowerCase() === name.toLowerCase()) ?? nearest(name, names)
      const hint = near === undefined ? 'Remove it; kubectl refuses it too.' : `Is ${near} meant?`
      const text = { message: `${field}: there is no such field; it is passed over`, hint }
      if (this.#found.size < mostWarnings)
        this.#found.set(text.message, diagnose('FieldIgnored', { object: this.#object, field }, text))
    }
  }

  at(name: string): Cursor {
    const record = isRecord(this.value) ? this.value : undefined
    return this.#child(record?.[name], this.field === '' ? name : `${this.field}.${name}`)
  }

  /** The elements of a list; absent counts as empty. */
  list(): Cursor[] {
    if (this.absent) return []
    if (Array.isArray(this.value))
      return this.value.map((element: Json, at) => this.#child(element, `${this.field}[${at}]`))
    this.refuse(
      `${kindOf(this.value)} found, a list wanted`,
      'Write a list: each element on a line that begins with "- ".',
    )
    return []
  }

  /** The entries of a map; absent counts as empty. */
  entries(): (readonly [name: string, value: Cursor])[] {
    if (this.absent) return []
    if (isRecord(this.value))
      return Object.entries(this.value).map(
        ([name, value]) => [name, this.#child(value, `${this.field}.${name}`)] as const,
      )
    this.refuse(`${kindOf(this.value)} found, a map wanted`, 'Write "name: value" lines.')
    return []
  }

  /** Whether it is there and is a map; notes it if it is there and is none. */
  isMap(): boolean {
    if (this.absent) return false
    if (isRecord(this.value)) return true
    this.refuse(`${kindOf(this.value)} found, a map wanted`, 'Indent the fields that belong to it below it.')
    return false
  }

  string(): string | undefined {
    if (this.absent) return undefined
    if (typeof this.value === 'string') return this.value
    const hint = typeof this.value === 'object' ? 'Write a text.' : `Put it in quotes: "${this.value}".`
    this.refuse(`${kindOf(this.value)} found, a string wanted`, hint)
    return undefined
  }

  boolean(): boolean | undefined {
    if (this.absent) return undefined
    if (typeof this.value === 'boolean') return this.value
    this.refuse(`${kindOf(this.value)} found, true or false wanted`, 'Write true or false without quotes.')
    return undefined
  }

  /** A whole number in a range. */
  integer(least: number, most: number): number | undefined {
    if (this.absent) return undefined
    const { value } = this
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
    const found = typeof value === 'number' ? String(value) : kindOf(value)
    const hint =
      typeof value === 'string' && /^\d+$/.test(value)
        ? 'Write the number without quotes.'
        : `Use a number from ${least} to ${most}.`
    this.refuse(`${found} found, a whole number from ${least} to ${most} wanted`, hint)
    return undefined
  }

  /** One of a closed list of words. */
  oneOf<T extends string>(words: readonly T[]): T | undefined {
    const text = this.string()
    const found = words.find((word) => word === text)
    if (text !== undefined && found === undefined) {
      const near = words.find((word) => word.toLowerCase() === text.toLowerCase())
      this.refuse(
        `"${text}" found, one of ${words.join(', ')} wanted`,
        near === undefined ? `Use ${words.join(', or ')}.` : `Write ${near}; case counts.`,
      )
    }
    return found
  }

  /** Notes that a required field is missing; a field with nearly the same name is told of. */
  require(parent: Cursor, name: string, hint: string): void {
    if (!this.absent) return
    const names = isRecord(parent.value) ? Object.keys(parent.value).filter((key) => key !== name) : []
    const near = names.find((key) => key.toLowerCase() === name.toLowerCase()) ?? nearest(name, names)
    this.refuse('required, but missing', near === undefined ? hint : `Write ${name} instead of ${near}.`)
  }

  #child(value: Json | undefined, field: string): Cursor {
    return new Cursor(value, field, this.#object, this.#found)
  }
}

export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return `"${value.slice(0, 60)}"`
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a map'
  return `the ${typeof value} ${value}`
}

/** Reads an object as a whole: one that the API server would refuse for any part is refused whole, as there. */
export function readObject<T>(object: SourceObject, read: (root: Cursor) => T | undefined): Read<T> {
  const found = new Map<string, Diagnostic>()
  const value = read(new Cursor(object.value, '', object.ref, found))
  const errors = [...found.values()].filter(({ severity }) => severity === 'error')
  return errors.length > 0 ? { value: undefined, diagnostics: errors } : { value, diagnostics: [...found.values()] }
}
