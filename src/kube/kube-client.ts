import type { Clock } from '../base/index.ts'
import type { Json, JsonRecord } from '../model/index.ts'
import { ApiTransport } from './api-transport.ts'
import type { ApiRequest } from './api-transport.ts'
import type { Connection } from './connection.ts'
import { isRecord, parseJson } from './json.ts'
import { errorOfEvent, KubeError } from './kube-error.ts'
import { Pace } from './pace.ts'
import type { Random, Turn } from './pace.ts'
import { collectionPath, objectPath, queryOf } from './resource-path.ts'
import type { Resource, Scope } from './resource-path.ts'

/** Heard neither event nor bookmark for so long: the connection is given up. */
const watchSilence = 90_000
/** A page of a list may be as large as a transport takes. */
const pageLimit = 180_000
/** A watch ends after this many seconds, or up to twice as many, so that not all end at once. */
const watchSeconds = 300

/** Names one object of a kind. */
export interface ObjectName {
  readonly namespace: string
  readonly name: string
}

/** A collection: objects of one kind. */
export interface Target {
  readonly kind: Resource
  readonly scope: Scope
}

/** One answer of a list: a part of the collection, as of a version. */
export interface Page {
  readonly items: readonly Json[]
  readonly version: string
  /** '' on the last page. */
  readonly next: string
}

export interface WatchEvent {
  readonly type: string
  readonly object: JsonRecord
}

export interface WatchHandler {
  opened(): void
  event(event: WatchEvent): void
}

export type PatchType = 'merge-patch' | 'apply-patch'

/**
 * Everything that a process asks of the API server goes through one client, and so through one pace. It knows no kind.
 * A failure is a KubeError, with the status and the reason of the server.
 */
export class KubeClient {
  readonly pace: Pace
  readonly #transport: ApiTransport
  readonly #random: Random
  /** The namespace of the context, or of the pod. */
  readonly namespace: string

  constructor(connection: Connection, clock: Clock, random: Random) {
    this.pace = new Pace(clock, random)
    this.#transport = new ApiTransport(connection, clock)
    this.#random = random
    this.namespace = connection.namespace
  }

  get(resource: Resource, name: ObjectName, signal: AbortSignal): Promise<JsonRecord> {
    return this.#paced(resource, { method: 'GET', path: objectPath(resource, name) }, signal)
  }

  create(resource: Resource, namespace: string, body: JsonRecord, signal: AbortSignal): Promise<JsonRecord> {
    return this.#paced(resource, { method: 'POST', path: collectionPath(resource, namespace), body }, signal)
  }

  /** Replaces the whole object; its `resourceVersion` has it refused with `Conflict` if somebody else was first. */
  update(resource: Resource, name: ObjectName, body: JsonRecord, signal: AbortSignal): Promise<JsonRecord> {
    return this.#paced(resource, { method: 'PUT', path: objectPath(resource, name), body }, signal)
  }

  patch(
    resource: Resource,
    name: ObjectName & { readonly subresource?: string },
    {
      type,
      body,
      query,
    }: { readonly type: PatchType; readonly body: Json; readonly query?: Readonly<Record<string, string>> },
    signal: AbortSignal,
  ): Promise<JsonRecord> {
    const path = objectPath(resource, name, name.subresource) + queryOf({}, query ?? {})
    return this.#paced(resource, { method: 'PATCH', path, body, contentType: `application/${type}+json` }, signal)
  }

  /** One page of a list, as part of a turn of the pace. An empty `after` asks for the first; a `limit` of 0 for all. */
  async page(
    { kind, scope }: Target,
    { limit, after }: { readonly limit: number; readonly after: string },
    { turn, signal }: Asking,
  ): Promise<Page> {
    const query = queryOf(scope, { limit: limit === 0 ? undefined : String(limit), continue: after })
    turn.spend()
    const path = collectionPath(kind, scope.namespace) + query
    const answer = await this.#transport.json({ method: 'GET', path }, signal, pageLimit)
    const { items, metadata } = isRecord(answer) ? answer : {}
    const { resourceVersion, continue: next } = isRecord(metadata) ? metadata : {}
    if (typeof resourceVersion !== 'string' || !(items === null || Array.isArray(items)))
      throw new KubeError(0, 'InvalidAnswer', `${kind.plural}: the answer is no list`)
    return { items: items ?? [], version: resourceVersion, next: typeof next === 'string' ? next : '' }
  }

  /** Follows a collection from a version on, as part of a turn. Resolves when the server ends the watch in good order. */
  watch({ kind, scope }: Target, version: string, handler: WatchHandler, { turn, signal }: Asking): Promise<void> {
    const seconds = Math.round(watchSeconds * (1 + this.#random()))
    const query = queryOf(scope, {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: String(seconds),
    })
    turn.spend()
    const lines = { opened: () => handler.opened(), line: (text: string) => handler.event(readEvent(text)) }
    return this.#transport.lines(collectionPath(kind, scope.namespace) + query, lines, watchSilence, signal)
  }

  close(): void {
    this.#transport.close()
  }

  async #paced({ leads = false }: Resource, request: ApiRequest, signal: AbortSignal): Promise<JsonRecord> {
    const turn = await this.pace.turn(signal, leads ? 'leader' : 'other')
    try {
      turn.spend()
      const answer = await this.#transport.json(request, signal)
      if (!isRecord(answer)) throw new KubeError(0, 'InvalidAnswer', 'the answer is no object')
      turn.well()
      return answer
    } catch (error) {
      if (!signal.aborted) endTurn(turn, error)
      throw error
    } finally {
      turn.pass()
    }
  }
}

/** Under which turn a request is sent, and what ends it. */
export interface Asking {
  readonly turn: Turn
  readonly signal: AbortSignal
}

/** A refusal proves that the server does its work. */
export function endTurn(turn: Turn, error: unknown): void {
  if (!(error instanceof KubeError)) turn.pass()
  else if (error.isOutage) turn.ill(error.retryAfter)
  else turn.well()
}

function readEvent(text: string): WatchEvent {
  const event = parseJson(text)
  const { type, object } = isRecord(event) ? event : {}
  if (type === 'ERROR') throw errorOfEvent(object)
  if (typeof type !== 'string' || !isRecord(object))
    throw new KubeError(0, 'InvalidAnswer', 'an event of a watch cannot be read')
  return { type, object }
}
