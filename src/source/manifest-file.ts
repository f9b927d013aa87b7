import { createHash } from 'node:crypto'

import { diagnose } from '../model/index.ts'
import type { Diagnostic, Json, JsonRecord, KindDescriptor, ObjectRef, Position, SourceObject } from '../model/index.ts'
import { locateFields, readYaml, YamlSyntaxError } from './yaml.ts'

const largestFile = 64 * 1024 * 1024

/** Where an object stands in its file. */
export interface Place {
  readonly document: number
  /** '' or the place in a List: `items[3]`. */
  readonly prefix: string
}

export interface PlacedObject extends Place {
  readonly object: SourceObject
}

/** What one file holds. */
export interface ManifestFile {
  readonly name: string
  readonly objects: readonly PlacedObject[]
  readonly diagnostics: readonly Diagnostic[]
  /** Whether the file could be read at all; if not, it gave no objects. */
  readonly readable: boolean
  /** Kinds that were passed over, each with its first object. */
  readonly ignoredKinds: ReadonlyMap<string, Place>
  readonly locate: (place: Place, field: string) => Position
}

/** Reads a manifest: YAML or JSON, many documents, Lists. `name` is what diagnostics call it. */
export function readManifest(name: string, bytes: Buffer, kinds: readonly KindDescriptor[]): ManifestFile {
  try {
    const text = decode(bytes)
    return new ManifestReader(name, text, kinds).read(readYaml(text))
  } catch (error) {
    const problem =
      error instanceof YamlSyntaxError
        ? error
        : new YamlSyntaxError(String(error), { line: 1, column: 1 }, 'Look at the file.')
    return unreadable(name, problem)
  }
}

function decode(bytes: Buffer): string {
  if (bytes.length > largestFile)
    throw new YamlSyntaxError(
      `${bytes.length} octets, at most ${largestFile} allowed`,
      { line: 1, column: 1 },
      'Split the file.',
    )
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new YamlSyntaxError('not UTF-8', { line: 1, column: 1 }, 'Save the file as UTF-8.')
  }
}

/** A file that gave nothing, with the reason. */
export function unreadable(name: string, { message, line, column, hint }: YamlSyntaxError): ManifestFile {
  const place = { object: { kind: 'File', namespace: '', name }, field: '' }
  const diagnostic = { ...diagnose('SyntaxError', place, { message, hint }), file: name, line, column }
  return {
    name,
    objects: [],
    diagnostics: [diagnostic],
    readable: false,
    ignoredKinds: new Map(),
    locate: () => ({ file: name, line, column }),
  }
}

class ManifestReader {
  readonly #name: string
  readonly #text: string
  readonly #kinds: ReadonlyMap<string, KindDescriptor>
  readonly #objects: PlacedObject[] = []
  readonly #diagnostics: Diagnostic[] = []
  readonly #ignored = new Map<string, Place>()
  #fields: readonly ReadonlyMap<string, number>[] | undefined
  #lines: readonly number[] | undefined

  constructor(name: string, text: string, kinds: readonly KindDescriptor[]) {
    this.#name = name
    this.#text = text
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]))
  }

  read(documents: readonly Json[]): ManifestFile {
    for (const [at, document] of documents.entries()) if (document !== null) this.#readDocument(document, at, '')
    return {
      name: this.#name,
      objects: this.#objects,
      diagnostics: this.#diagnostics,
      readable: true,
      ignoredKinds: this.#ignored,
      locate: (placed, field) => this.#locate(placed.document, join(placed.prefix, field)),
    }
  }

  #readDocument(value: Json, document: number, prefix: string): void {
    if (!isRecord(value))
      return this.#refuse(document, prefix, 'not an object', 'A manifest is a map with apiVersion, kind and metadata.')
    const { kind, items } = value
    if (typeof kind !== 'string' || kind === '')
      return this.#refuse(
        document,
        join(prefix, 'kind'),
        'kind is required, but missing',
        'Write kind: Ingress, for example.',
      )
    if (kind.endsWith('List') && Array.isArray(items)) {
      for (const [at, item] of items.entries())
        this.#readDocument(withKind(item, kind), document, join(prefix, `items[${at}]`))
      return
    }
    const descriptor = this.#kinds.get(kind)
    const version = value['apiVersion']
    const name = isForeign(version, this.#kinds) ? `${kind} of ${version}` : kind
    if (descriptor === undefined || name !== kind) this.#ignore(name, { document, prefix })
    else this.#readObject(value, descriptor, document, prefix)
  }

  #ignore(kind: string, place: Place): void {
    if (!this.#ignored.has(kind)) this.#ignored.set(kind, place)
  }

  #readObject(value: JsonRecord, descriptor: KindDescriptor, document: number, prefix: string): void {
    const metadata = isRecord(value['metadata']) ? value['metadata'] : {}
    const { name, namespace, uid, creationTimestamp } = metadata
    if (typeof value['apiVersion'] !== 'string')
      this.#refuse(
        document,
        join(prefix, 'apiVersion'),
        'apiVersion is required, but missing',
        `Write apiVersion: ${versionOf(descriptor)}.`,
      )
    else if (typeof name !== 'string' || name === '')
      this.#refuse(
        document,
        join(prefix, 'metadata.name'),
        'metadata.name is required, but missing',
        'Give the object a name.',
      )
    else {
      const home = typeof namespace === 'string' && namespace !== '' ? namespace : 'default'
      const ref: ObjectRef = { kind: descriptor.kind, namespace: descriptor.namespaced ? home : '', name }
      const object: SourceObject = {
        ref,
        uid: typeof uid === 'string' ? uid : `${ref.kind}/${ref.namespace}/${ref.name}`,
        revision: createHash('sha256').update(JSON.stringify(value)).digest('base64'),
        created: readTime(creationTimestamp),
        value,
      }
      this.#objects.push({ object, document, prefix })
    }
  }

  #refuse(document: number, field: string, message: string, hint: string): void {
    const place = { object: { kind: 'File', namespace: '', name: this.#name }, field }
    this.#diagnostics.push({ ...diagnose('InvalidObject', place, { message, hint }), ...this.#locate(document, field) })
  }

  /** The field, or the nearest parent that is there. */
  #locate(document: number, field: string): Position {
    this.#fields ??= locateFields(this.#text)
    const fields = this.#fields[document]
    let found = field
    while (found !== '' && fields?.has(found) !== true)
      found = found.slice(0, Math.max(0, found.lastIndexOf('.'), found.lastIndexOf('[')))
    return { file: this.#name, ...this.#place(fields?.get(found) ?? 0) }
  }

  #place(offset: number): { line: number; column: number } {
    this.#lines ??= lineStarts(this.#text)
    let low = 0
    for (let high = this.#lines.length - 1; low < high;) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#lines[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#lines[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function join(prefix: string, field: string): string {
  return prefix === '' || field === '' ? prefix + field : `${prefix}.${field}`
}

export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Other projects have kinds of the same names, in groups of their own: `serving.knative.dev/v1` Service. */
function isForeign(apiVersion: Json | undefined, kinds: ReadonlyMap<string, KindDescriptor>): apiVersion is string {
  const [, group] = typeof apiVersion === 'string' ? (/^([^/]*\.[^/]*)\//.exec(apiVersion) ?? []) : []
  return group !== undefined && [...kinds.values()].every((kind) => kind.group !== group)
}

/** Items of a typed list need not say their kind. */
function withKind(item: Json, listKind: string): Json {
  if (!isRecord(item) || item['kind'] !== undefined || listKind === 'List') return item
  return { kind: listKind.slice(0, -'List'.length), ...item }
}

function versionOf({ group, version }: KindDescriptor): string {
  return group === '' ? version : `${group}/${version}`
}

function readTime(value: Json | undefined): number {
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? Infinity : time
}
