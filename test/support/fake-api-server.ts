import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isDeepStrictEqual } from 'node:util'

/** A request as the fake saw it. */
export interface ApiCall {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** `ingresses`, or `ingresses/NAME` for one object, or `ingresses/NAME/status`. */
  readonly resource: string
  readonly namespace: string | undefined
  readonly watch: boolean
  readonly time: number
}

export interface FakeObject {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string } & Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** Answers a call itself, or leaves it to the fake by answering false. */
export type Script = (call: ApiCall, response: ServerResponse) => boolean | Promise<boolean>

const plurals: Readonly<Record<string, string>> = {
  Ingress: 'ingresses',
  IngressClass: 'ingressclasses',
  Service: 'services',
  EndpointSlice: 'endpointslices',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  Namespace: 'namespaces',
  Lease: 'leases',
  Event: 'events',
  Pod: 'pods',
  Node: 'nodes',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
}

interface Change {
  readonly version: number
  readonly type: string
  readonly plural: string
  readonly object: FakeObject
}

interface Watcher {
  readonly call: ApiCall
  readonly response: ServerResponse
}

/**
 * An API server without a cluster: it lists in pages, watches from a version on, sends bookmarks when told to, and does
 * everything wrong that a script asks for. Versions count up by one with each change.
 */
export class FakeApiServer {
  readonly calls: ApiCall[] = []
  /** By which clock calls are noted. */
  now = (): number => performance.now()
  /** Answers first, if there is one. */
  script: Script | undefined
  version = 100
  #oldest = 0
  #uids = 0
  #objects = new Map<string, FakeObject>()
  #changes: Change[] = []
  readonly #watchers = new Set<Watcher>()
  readonly #waiting = new Set<() => void>()
  #server: Server | undefined
  #port = 0

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#hear(request, response))
    await new Promise<void>((listening) => server.listen(this.#port, '127.0.0.1', listening))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** As a killed server: every connection breaks off. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.#watchers.clear()
    if (server === undefined) return
    const closed = new Promise((done) => server.close(done))
    server.closeAllConnections()
    await closed
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** A kubeconfig, as JSON. */
  get kubeconfig(): string {
    const named = { name: 'fake', cluster: { server: this.url, 'insecure-skip-tls-verify': true } }
    const context = { cluster: 'fake', user: 'fake', namespace: 'default' }
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [named],
      users: [{ name: 'fake', user: { token: 'token' } }],
      contexts: [{ name: 'fake', context }],
      'current-context': 'fake',
    })
  }

  /** Creates or changes an object, and tells the watchers. */
  put(given: FakeObject): FakeObject {
    const key = keyOf(given)
    const held = this.#objects.get(key)
    const { uid, creationTimestamp } = { ...held?.metadata, ...given.metadata }
    const metadata = {
      ...given.metadata,
      uid: uid ?? `uid-${++this.#uids}`,
      creationTimestamp: creationTimestamp ?? '2026-01-01T00:00:00Z',
      resourceVersion: String(++this.version),
    }
    const object = { ...given, metadata }
    this.#objects.set(key, object)
    this.#tell(held === undefined ? 'ADDED' : 'MODIFIED', object)
    return object
  }

  remove(kind: string, namespace: string | undefined, name: string): void {
    const key = keyOf({ kind, metadata: { name, ...(namespace !== undefined && { namespace }) } })
    const held = this.#objects.get(key)
    if (held === undefined) throw new Error(`${key} is not there`)
    this.#objects.delete(key)
    this.#tell('DELETED', { ...held, metadata: { ...held.metadata, resourceVersion: String(++this.version) } })
  }

  /** Forgets what happened: watches from before are answered with 410. */
  compact(): void {
    this.#oldest = this.version
    this.#changes = []
  }

  /** As from a backup: the objects and the version of an earlier moment. */
  save(): () => void {
    const [objects, version] = [new Map(this.#objects), this.version]
    return () => {
      this.#objects = new Map(objects)
      this.version = version
      this.#changes = []
    }
  }

  /** All objects of a kind. */
  objects(kind: string): FakeObject[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind)
  }

  /** Tells every watcher the version. */
  bookmark(): void {
    for (const { response } of this.#watchers)
      response.write(eventOf('BOOKMARK', { metadata: { resourceVersion: String(this.version) } }))
  }

  /** Sends octets to every watcher of a resource. */
  write(resource: string, octets: string | Buffer): void {
    for (const { call, response } of this.#watchers) if (call.resource === resource) response.write(octets)
  }

  /** Ends every watch in good order, or breaks the connections off. */
  endWatches(how: 'end' | 'destroy' = 'end'): void {
    for (const { response } of this.#watchers) {
      if (how === 'end') response.end()
      else response.destroy()
    }
    this.#watchers.clear()
  }

  /** Breaks every connection off, as a server does that had hung and is started again. */
  hangUp(): void {
    this.#server?.closeAllConnections()
  }

  get watching(): number {
    return this.#watchers.size
  }

  /** Resolves once `condition` holds; it is looked at after each call that is heard. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((wake) => this.#waiting.add(wake))
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = readCall(request, this.now())
    this.calls.push(call)
    response.on('close', () => {
      for (const watcher of this.#watchers) if (watcher.response === response) this.#watchers.delete(watcher)
    })
    if ((await this.script?.(call, response)) !== true) this.answer(call, response)
    this.#wake()
  }

  /** Whoever waits for something looks again. */
  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** The right answer. */
  answer(call: ApiCall, response: ServerResponse): void {
    if (call.method !== 'GET') void this.#write(call, response).finally(() => this.#wake())
    else if (call.watch) this.#watch(call, response)
    else if (call.resource.includes('/')) this.#get(call, response)
    else this.#list(call, response)
  }

  #get({ resource, namespace }: ApiCall, response: ServerResponse): void {
    const found = this.#objects.get(`${resource.split('/')[0]} ${namespace ?? ''}/${resource.split('/')[1]}`)
    if (found === undefined) refuse(response, [404, 'NotFound'], resource.split('/')[1])
    else send(response, 200, found)
  }

  /** POST creates, PUT replaces, PATCH merges. */
  async #write({ method, resource, namespace, query }: ApiCall, response: ServerResponse): Promise<void> {
    const { req } = response
    req.setEncoding('utf8')
    const body = JSON.parse((await req.toArray()).join('')) as Partial<FakeObject>
    const [plural = '', name = body.metadata?.name, subresource] = resource.split('/')
    const held = this.#objects.get(`${plural} ${namespace ?? ''}/${name}`)
    const refusal = refusalOf(method, body, held)
    if (refusal !== undefined) return refuse(response, refusal, name)
    const changed = (method === 'PATCH' ? merge(held, body) : body) as FakeObject
    const part = subresource === undefined || held === undefined ? changed : { ...held, status: changed['status'] }
    if (isDeepStrictEqual(part, held)) return send(response, 200, held)
    send(response, 200, this.put(subresource === undefined ? part : withWriter(part, query.get('fieldManager'))))
  }

  #list(call: ApiCall, response: ServerResponse): void {
    const all = [...this.#objects]
      .filter(([key, object]) => this.#matches(call, key, object))
      .map(([, object]) => object)
    const limit = Number(call.query.get('limit') ?? Infinity)
    const from = Number(call.query.get('continue') ?? 0)
    const next = from + limit < all.length ? String(from + limit) : undefined
    const metadata = { resourceVersion: String(this.version), continue: next }
    // Items of a list do not say what they are, as with the real one.
    const items = all.slice(from, from + limit).map(({ kind: _kind, apiVersion: _version, ...item }) => item)
    send(response, 200, { kind: 'List', metadata, items })
  }

  #watch(call: ApiCall, response: ServerResponse): void {
    const from = Number(call.query.get('resourceVersion'))
    response.writeHead(200, { 'Content-Type': 'application/json' })
    if (from < this.#oldest) {
      response.end(eventOf('ERROR', statusOf(410, 'Expired')))
      return
    }
    response.flushHeaders()
    for (const { version, type, object, plural } of this.#changes)
      if (version > from && this.#matches(call, `${plural} `, object)) response.write(eventOf(type, object))
    this.#watchers.add({ call, response })
  }

  #matches({ resource, namespace, query }: ApiCall, key: string, { metadata }: FakeObject): boolean {
    const selector = query.get('labelSelector')
    const field = query.get('fieldSelector')
    if (field?.startsWith('metadata.name=') === true && field !== `metadata.name=${metadata.name}`) return false
    const [name, value] = selector?.split('=') ?? []
    const labels = Object(metadata['labels']) as Readonly<Record<string, string>>
    return (
      key.startsWith(`${resource} `) &&
      (namespace === undefined || metadata.namespace === namespace) &&
      (name === undefined || labels[name] === value)
    )
  }

  #tell(type: string, object: FakeObject): void {
    const plural = plurals[object.kind] ?? ''
    this.#changes.push({ version: this.version, type, plural, object })
    for (const { call, response } of this.#watchers)
      // From a version on that is still to come, nothing is told until it has come.
      if (Number(call.query.get('resourceVersion')) < this.version && this.#matches(call, `${plural} `, object))
        response.write(eventOf(type, object))
  }
}

type Refusal = readonly [status: number, reason: string]

/** A version that is not that of the object is a conflict. */
function refusalOf(
  method: string,
  { metadata }: Partial<FakeObject>,
  held: FakeObject | undefined,
): Refusal | undefined {
  const version = metadata?.['resourceVersion']
  if (method === 'POST') return held === undefined ? undefined : [409, 'AlreadyExists']
  if (held === undefined) return [404, 'NotFound']
  return version === undefined || version === held.metadata['resourceVersion'] ? undefined : [409, 'Conflict']
}

/** Of all managers the real one tells of, the last who wrote something into the status; `put` is a write of nobody's. */
function withWriter(object: FakeObject, manager: string | null): FakeObject {
  const isEmpty = isDeepStrictEqual(object['status'], { loadBalancer: {} })
  const managedFields = manager === null || isEmpty ? [] : [{ manager, operation: 'Update', subresource: 'status' }]
  return { ...object, metadata: { ...object.metadata, managedFields } }
}

/** RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const held = (typeof target === 'object' && !Array.isArray(target) ? target : {}) as Readonly<Record<string, unknown>>
  const merged = new Map(Object.entries(held))
  for (const [key, value] of Object.entries(patch)) merged.set(key, merge(held[key], value))
  return Object.fromEntries([...merged].filter(([, value]) => value !== null))
}

/** One line of a watch. */
export function eventOf(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`
}

export function statusOf(code: number, reason: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message: `${reason} as scripted`, code }
}

/** An error answer as the API server gives it. */
export function fail(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(response, status, statusOf(status, reason), headers)
}

/** What is refused for the sake of an object says which one. */
function refuse(response: ServerResponse, [status, reason]: Refusal, name: string | undefined): void {
  send(response, status, { ...statusOf(status, reason), details: { name } })
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

function keyOf({ kind, metadata }: Pick<FakeObject, 'kind' | 'metadata'>): string {
  return `${plurals[kind]} ${metadata.namespace ?? ''}/${metadata.name}`
}

function readCall({ method = '', url = '' }: IncomingMessage, time: number): ApiCall {
  const { pathname, searchParams } = new URL(url, 'http://fake')
  const parts = pathname.split('/').slice(pathname.startsWith('/api/') ? 3 : 4)
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2
  return {
    method,
    path: pathname,
    query: searchParams,
    resource: (inNamespace ? parts.slice(2) : parts).join('/'),
    namespace: inNamespace ? parts[1] : undefined,
    watch: searchParams.get('watch') === 'true',
    time,
  }
}
