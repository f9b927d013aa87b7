import { diagnose, namespacedName } from '../model/index.ts'
import type { Diagnostic, ObjectRef, Snapshot, SourceObject } from '../model/index.ts'
import type { CompileOptions } from './compile-options.ts'
import type { Read } from './decode.ts'
import { endpointsAnnotation, readEndpointList } from './endpoints.ts'
import { KindReader } from './kind-reader.ts'
import type { ReadKind } from './kind-reader.ts'
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
  readonly services: ReadKind<ServiceObject>
  /** By `namespace/name`. What they hold is judged where it is used, so those that could not be read are among them. */
  readonly secrets: ReadonlyMap<string, SourceObject>
  /** The one that counts, if it is there. */
  readonly configMap: ConfigMapObject | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Readable objects of kinds that have no class, and those that could not be read. */
  readonly accepted: readonly ObjectRef[]
  readonly refused: readonly ObjectRef[]
}

/** Reads each object once; lists and maps of kinds of which nothing changed stay the same. */
export class ObjectReader {
  readonly #configMap: string | undefined
  readonly #services: KindReader<ServiceObject>
  readonly #ingresses = new KindReader(readIngress)
  readonly #classes = new KindReader(readIngressClass)
  readonly #secrets = new KindReader(readSecret)
  readonly #configMaps = new KindReader(readConfigMap)

  constructor({ fromCluster, configMap }: Pick<CompileOptions, 'fromCluster' | 'configMap'>) {
    this.#configMap = configMap
    this.#services = new KindReader((object) => readAnnotatedService(object, fromCluster))
  }

  read(snapshot: Snapshot): ReadObjects {
    const services = this.#services.read(snapshot.list(serviceKind.kind))
    const ingresses = this.#ingresses.read(snapshot.list(ingressKind.kind))
    const classes = this.#classes.read(snapshot.list(ingressClassKind.kind))
    const secrets = this.#secrets.read(snapshot.list(secretKind.kind))
    const configMaps = this.#configMaps.read(this.#thatCount(snapshot.list(configMapKind.kind)))
    const others = [services, classes, secrets, configMaps] as const
    const all: readonly ReadKind<unknown>[] = [ingresses, ...others]
    return {
      ingresses: ingresses.values,
      classes: classes.values,
      services,
      secrets: secrets.objects,
      configMap: configMaps.values[0],
      diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
      accepted: others.flatMap(({ accepted }) => accepted),
      refused: all.flatMap(({ refused }) => refused),
    }
  }

  #thatCount(configMaps: readonly SourceObject[]): SourceObject[] {
    return configMaps.filter(({ ref }) => namespacedName(ref) === this.#configMap)
  }
}

function readAnnotatedService(object: SourceObject, fromCluster: boolean): Read<ServiceObject> {
  const { value, diagnostics } = readService(object)
  return { value, diagnostics: [...diagnostics, ...(value ? checkEndpointsAnnotation(value, fromCluster) : [])] }
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
