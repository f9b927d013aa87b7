import { constructFromEvents, EVENT_ID, getScalarValue, parseEvents, YAMLException } from 'js-yaml'
import type { Event } from 'js-yaml'

import type { Json } from '../model/index.ts'
import { isJson, partsOf } from './text-parts.ts'
import type { TextPart } from './text-parts.ts'
import { keyIsNoWord, kubectlSchema } from './yaml-schema.ts'

/** A text that is not YAML. Line and column count from 1. */
export class YamlSyntaxError extends Error {
  readonly line: number
  readonly column: number
  readonly hint: string

  constructor(message: string, place: { readonly line: number; readonly column: number }, hint: string) {
    super(message)
    this.line = place.line
    this.column = place.column
    this.hint = hint
  }
}

const mostAliases = 1_000
/** What aliases stand for counts each time: a short text must not become an endless object. */
const mostNodes = 2_000_000
/** A text counts as one value, and as one more for each so many characters. */
const charactersOfNode = 64

/** The documents of a YAML or JSON text; throws a YamlSyntaxError. Empty documents are null. */
export function readYaml(text: string): Json[] {
  const read: Json[][] = []
  const sizes = new Map<object, number>()
  let size = 0
  for (const part of partsOf(text)) {
    try {
      const documents = readPart(part)
      size = documents.reduce<number>((sum, document) => sum + countNodes(document, sizes), size)
      read.push(documents)
    } catch (error) {
      throw describe(error, text, part)
    }
    if (size > mostNodes) throw tooLarge()
  }
  return read.flat()
}

/** Strict JSON is held to what YAML refuses too: a key that stands twice, and endless depth. */
function readPart({ text, json }: TextPart): Json[] {
  const events = parseEvents(text, {})
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema constructs nothing but JSON
  const documents = constructFromEvents(events, {
    source: text,
    schema: kubectlSchema,
    maxAliases: mostAliases,
  }) as Json[]
  if (json && !isJson(text)) throw new YAMLException('no JSON, though it follows a JSON object')
  return documents
}

function tooLarge(): YamlSyntaxError {
  const message = `aliases stand for more than ${mostNodes} values`
  return new YamlSyntaxError(message, { line: 1, column: 1 }, 'Write the values out, or use fewer aliases.')
}

/** Infinite for a value that contains itself. */
function countNodes(value: Json, sizes: Map<object, number>): number {
  if (typeof value === 'string') return 1 + weigh(value)
  if (typeof value !== 'object' || value === null) return 1
  const known = sizes.get(value)
  if (known !== undefined) return known
  sizes.set(value, Infinity)
  let size = 1
  for (const [key, part] of Object.entries(value)) size += weigh(key) + countNodes(part, sizes)
  sizes.set(value, size)
  return size
}

function weigh(text: string): number {
  return Math.floor(text.length / charactersOfNode)
}

function describe(error: unknown, text: string, part: TextPart): YamlSyntaxError {
  const reason = error instanceof YAMLException ? error.reason : String(error)
  const before = text.slice(0, part.start + placeOf(error, part)).split('\n')
  const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  return new YamlSyntaxError(reason, place, hintFor(reason, text.split('\n')[place.line - 1] ?? ''))
}

function placeOf(error: unknown, { text, start }: TextPart): number {
  if (!(error instanceof YAMLException)) return 0
  if (error.reason !== keyIsNoWord) return error.mark?.position ?? 0
  const cursor = new EventCursor(text, start)
  cursor.walkAll()
  return cursor.oddKey ?? 0
}

function hintFor(reason: string, line: string): string {
  if (line.includes('{{'))
    return 'This is a template and no manifest yet: have it filled in first, as helm template does.'
  if (line.includes('\t')) return 'Indent with spaces: YAML allows no tabs there.'
  if (/duplicat/i.test(reason)) return 'Each key may stand once in a map; remove one of the two.'
  if (/follows a JSON object/.test(reason)) return 'Write it as JSON, or put a line with --- before YAML.'
  if (/implicit key/.test(reason)) return 'A colon is missing after a key, in this line or the one before it.'
  if (/document separator/.test(reason)) return 'Put a line with --- between two objects.'
  if (/indent/i.test(reason)) return 'Lines that belong together begin in the same column.'
  if (/^\s*[\w.-]+:\S/.test(line)) return 'A space is missing after the colon.'
  if (/unidentified alias/i.test(reason)) return 'A value that begins with "*" has to stand in quotes: "*.example.com".'
  if (/alias/i.test(reason)) return 'Write the values out, or use fewer aliases.'
  return 'Look at this line and the one before it: indentation, colons, quotes and brackets.'
}

/** Where each field of each document stands: offsets of values by field, such as `spec.rules[0].host`. */
export function locateFields(text: string): ReadonlyMap<string, number>[] {
  return [...partsOf(text)].flatMap((part) => locateInPart(part))
}

function locateInPart({ text, start }: TextPart): ReadonlyMap<string, number>[] {
  return new EventCursor(text, start).walkAll()
}

/** Walks the flat list of events as the tree that it stands for. */
class EventCursor {
  readonly #text: string
  /** Of the text, in the one that it is a part of. */
  readonly #start: number
  readonly #events: readonly Event[]
  #at = 0
  /** Where the first key begins that is a list or a map. */
  oddKey: number | undefined

  constructor(text: string, start: number) {
    this.#text = text
    this.#start = start
    this.#events = parseEvents(text, {})
  }

  /** The fields of each document. */
  walkAll(): ReadonlyMap<string, number>[] {
    const documents: ReadonlyMap<string, number>[] = []
    while (this.#next() !== undefined) {
      const fields = new Map<string, number>()
      for (let part = this.#next(); part !== undefined && part.type !== EVENT_ID.POP; part = this.#next())
        this.#walk(part, '', fields)
      documents.push(fields)
    }
    return documents
  }

  #next(): Event | undefined {
    return this.#events[this.#at++]
  }

  #walk(event: Event, field: string, fields: Map<string, number>): void {
    fields.set(field, this.#start + offsetOf(event, this.#text))
    if (event.type === EVENT_ID.SEQUENCE) this.#walkSequence(field, fields)
    if (event.type === EVENT_ID.MAPPING) this.#walkMapping(field, fields)
  }

  #walkSequence(field: string, fields: Map<string, number>): void {
    let index = 0
    for (let event = this.#next(); event !== undefined && event.type !== EVENT_ID.POP; event = this.#next()) {
      this.#walk(event, `${field}[${index++}]`, fields)
    }
  }

  #walkMapping(field: string, fields: Map<string, number>): void {
    for (let key = this.#next(); key !== undefined && key.type !== EVENT_ID.POP; key = this.#next()) {
      const name = key.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, key) : ''
      if (key.type === EVENT_ID.SEQUENCE || key.type === EVENT_ID.MAPPING) {
        this.oddKey ??= key.start
        this.#walk(key, '', new Map())
      }
      const value = this.#next()
      if (value !== undefined) this.#walk(value, field === '' ? name : `${field}.${name}`, fields)
    }
  }
}

/** Where a value begins, with its quotes if it has any. */
function offsetOf(event: Event, text: string): number {
  if (event.type === EVENT_ID.SCALAR)
    return /["']/.test(text.charAt(event.valueStart - 1)) ? event.valueStart - 1 : event.valueStart
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart
  return event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING ? event.start : 0
}
