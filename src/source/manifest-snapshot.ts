import { nearest } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Diagnostic, ObjectRef, Position, Snapshot, SourceObject } from '../model/index.ts'
import type { ManifestFile, PlacedObject } from './manifest-file.ts'

interface Placed extends PlacedObject {
  readonly file: ManifestFile
}

/** Puts files together: of an object that stands twice, the later one counts, as with kubectl apply. */
export function snapshotOf(files: readonly ManifestFile[]): Snapshot {
  const placed = new Map<string, Placed>()
  const diagnostics: Diagnostic[] = files.flatMap((file) => file.diagnostics)
  for (const file of files) {
    for (const found of file.objects) {
      const key = keyOf(found.object.ref)
      const earlier = placed.get(key)
      if (earlier !== undefined) diagnostics.push(duplicate(earlier, file, found))
      placed.set(key, { ...found, file })
    }
  }
  const byKind = Map.groupBy(
    [...placed.values()].map(({ object }) => object),
    ({ ref }) => ref.kind,
  )
  return {
    list: (kind) => byKind.get(kind) ?? [],
    diagnostics: [...diagnostics, ...ignoredKinds(files)],
    locate: (ref, field) => locate(placed.get(keyOf(ref)), field),
  }
}

export function keyOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace}/${name}`
}

function locate(placed: Placed | undefined, field: string): Position | undefined {
  return placed?.file.locate(placed, field)
}

function duplicate(earlier: Placed, file: ManifestFile, found: PlacedObject): Diagnostic {
  const { line } = file.locate(found, 'metadata.name')
  const text = {
    message: `stands again in ${file.name}:${line}, which counts`,
    hint: 'Remove one of the two, or give it another name or namespace.',
  }
  return {
    ...diagnose('DuplicateObject', { object: earlier.object.ref, field: 'metadata.name' }, text),
    ...earlier.file.locate(earlier, 'metadata.name'),
  }
}

const readKinds = ['Ingress', 'IngressClass', 'Service', 'EndpointSlice', 'Secret']

/** One note a kind, whatever the number of objects. */
function ignoredKinds(files: readonly ManifestFile[]): Diagnostic[] {
  const first = new Map<string, Position>()
  for (const file of files)
    for (const [kind, place] of file.ignoredKinds) if (!first.has(kind)) first.set(kind, file.locate(place, 'kind'))
  return [...first].map(([kind, position]) => {
    const near = nearest(kind, readKinds)
    const text = {
      message: `objects of kind ${kind} are passed over`,
      hint:
        near === undefined || near === kind
          ? 'Lintel reads Ingress, IngressClass, Service, EndpointSlice and Secret.'
          : `Is ${near} meant?`,
    }
    return { ...diagnose('KindIgnored', { object: { kind, namespace: '', name: '' }, field: '' }, text), ...position }
  })
}

/** Fills in the positions of diagnostics that name a field of an object. */
export function placeDiagnostics(diagnostics: readonly Diagnostic[], snapshot: Snapshot): Diagnostic[] {
  return diagnostics.map((diagnostic) =>
    diagnostic.file === undefined
      ? { ...diagnostic, ...snapshot.locate(diagnostic.object, diagnostic.field) }
      : diagnostic,
  )
}

/** The same snapshot with some objects exchanged or added. The lists of other kinds stay the same lists. */
export function withObjects(snapshot: Snapshot, objects: readonly SourceObject[]): Snapshot {
  if (objects.length === 0) return snapshot
  const replaced = Map.groupBy(objects, ({ ref }) => ref.kind)
  return {
    ...snapshot,
    list: (kind) => {
      const added = replaced.get(kind)
      if (added === undefined) return snapshot.list(kind)
      const names = new Set(added.map(({ ref }) => keyOf(ref)))
      return [...snapshot.list(kind).filter(({ ref }) => !names.has(keyOf(ref))), ...added]
    },
  }
}
