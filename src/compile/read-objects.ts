import { diagnose } from '../model/index.ts'
import type { Diagnostic, ObjectRef, Snapshot, SourceObject } from '../model/index.ts'
import type { CompileOptions } from './compile-options.ts'
import type { Read } from './decode.ts'
import { endpointsAnnotation, readEndpointList } from './endpoints.ts'
import {
  configMapKind,
  ingressClassKind,
  ingressKind,
  readConfigMap,
  readIngress,
  readIngressClass,
  readSecret,
  readService,
  secretKind,
  serviceKind,
} from './kinds/index.ts'
import type { ConfigMapObject, IngressClassObject, IngressObject, ServiceObject } from './kinds/index.ts'

/** The objects of a snapshot that a table is made of, read. EndpointSlices are not among them: they never enter compile. */
export interface ReadObjects {
  readonly ingresses: readonly IngressObject[]
  readonly classes: readonly IngressClassObject[]
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, ServiceObject>
  readonly secrets: ReadonlyMap<string, SourceObject>
  /** The one that counts, if it is there. */
  readonly configMap: ConfigMapObject | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Readable objects of kinds that have no class, and those that could not be read. */
  readonly accepted: readonly ObjectRef[]
  readonly refused: readonly ObjectRef[]
}

type ReaderOptions = Pick<CompileOptions, 'fromCluster' | 'configMap'>

/** Reads each object once: what was read is kept as long as the object is the same, and dropped with it. */
export class ObjectReader {
  readonly #options: ReaderOptions
  readonly #kept = new WeakMap<SourceObject, Read<unknown>>()

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  read(snapshot: Snapshot): ReadObjects {
    const diagnostics: Diagnostic[] = []
    const accepted: ObjectRef[] = []
    const refused: ObjectRef[] = []
    const { fromCluster, configMap } = this.#options
    const readAll = <T>(
      kind: string,
      read: (object: SourceObject) => Read<T>,
      counts: (object: SourceObject) => boolean = () => true,
    ): { object: SourceObject; value: T }[] =>
      inOrder(snapshot.list(kind).filter(counts)).flatMap((object) => {
        const { value, diagnostics: found } = this.#readOne(object, read)
        diagnostics.push(...found)
        if (value === undefined) refused.push(object.ref)
        else if (kind !== ingressKind.kind) accepted.push(object.ref)
        return value === undefined ? [] : [{ object, value }]
      })
    const services = readAll(serviceKind.kind, readService).map(({ value }) => value)
    diagnostics.push(...services.flatMap((service) => checkEndpointsAnnotation(service, fromCluster)))
    return {
      ingresses: readAll(ingressKind.kind, readIngress).map(({ value }) => value),
      classes: readAll(ingressClassKind.kind, readIngressClass).map(({ value }) => value),
      services: new Map(services.map((service) => [key(service.ref), service])),
      secrets: new Map(readAll(secretKind.kind, readSecret).map(({ object }) => [key(object.ref), object])),
      configMap: readAll(configMapKind.kind, readConfigMap, ({ ref }) => key(ref) === configMap)[0]?.value,
      diagnostics,
      accepted,
      refused,
    }
  }

  #readOne<T>(object: SourceObject, read: (object: SourceObject) => Read<T>): Read<T> {
    const kept = this.#kept.get(object) ?? read(object)
    this.#kept.set(object, kept)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object has one kind, and a kind one reader
    return kept as Read<T>
  }
}

/** Arrival plays no part: everything is looked at in the order of names. */
function inOrder(objects: readonly SourceObject[]): SourceObject[] {
  const named = objects.map((object) => ({ name: key(object.ref), object }))
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ object }) => object)
}

function key({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`
}

function checkEndpointsAnnotation({ ref, annotations }: ServiceObject, fromCluster: boolean): Diagnostic[] {
  const text = annotations.get(endpointsAnnotation)
  const place = { object: ref, field: `metadata.annotations.${endpointsAnnotation}` }
  if (text !== undefined && fromCluster) return [endpointsOfCluster(place)]
  if (text === undefined || readEndpointList(text) !== undefined) return []
  const hint = 'Write addresses with ports: "127.0.0.1:3000,[::1]:3001".'
  return [
    diagnose('AnnotationInvalid', place, { message: `"${text}" is no list of endpoints; the Service has none`, hint }),
  ]
}

function endpointsOfCluster(place: Pick<Diagnostic, 'object' | 'field'>): Diagnostic {
  const message = 'endpoints in an annotation count in files alone; those of the EndpointSlices are used'
  return diagnose('AnnotationNotServed', place, { message, hint: 'Remove it, or write an EndpointSlice.' })
}
