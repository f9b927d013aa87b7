import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent, request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'

import { apiVersionOf, pathOf, placeOf } from './resources.ts'
import type { KubeObject, Place } from './resources.ts'

export interface ApiAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: T
}

export interface ObjectList<T extends KubeObject = KubeObject> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: readonly T[]
}

/** An answer of 400 or more. */
export class ApiError extends Error {
  readonly status: number

  constructor(what: string, { status, body }: ApiAnswer) {
    super(`${what}: ${status} ${JSON.stringify(body)}`)
    this.status = status
  }
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly type?: string
  readonly signal?: AbortSignal
}

export type Query = Readonly<Record<string, string | number | boolean>>

const hang = 300_000

/** What a test asks of the API server, as one of its users. */
export class ApiClient {
  readonly #port: number
  readonly #token: string
  readonly #agent: Agent

  constructor(port: number, token: string, certificate: string) {
    this.#port = port
    this.#token = token
    this.#agent = new Agent({ keepAlive: true, ca: certificate })
  }

  close(): void {
    this.#agent.destroy()
  }

  /** One request, whatever its answer is. */
  async ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<ApiAnswer> {
    const response = await this.#send({ method, path, body, type })
    const { statusCode: status = 0, headers } = response
    const received = await text(response)
    return { status, headers, body: headers['content-type'] === 'application/json' ? JSON.parse(received) : received }
  }

  get<T extends KubeObject>(place: Place): Promise<T> {
    return this.#must<T>('GET', pathOf(place))
  }

  /** Items of a list come without their kind: here they have it. */
  async list<T extends KubeObject>(place: Place, query: Query = {}): Promise<ObjectList<T>> {
    const list = await this.#must<ObjectList<T>>('GET', `${pathOf(place)}${printQuery(query)}`)
    const { kind } = place
    return { ...list, items: list.items.map((item) => ({ ...item, apiVersion: apiVersionOf(kind), kind })) }
  }

  create<T extends KubeObject>(object: T, query: Query = {}): Promise<T> {
    const { kind, namespace } = placeOf(object)
    return this.#must('POST', `${pathOf({ kind, namespace })}${printQuery(query)}`, object)
  }

  /** Creates it, or makes it so (server-side apply). */
  apply<T extends KubeObject>(object: T, query: Query = {}): Promise<T> {
    const path = `${pathOf(placeOf(object))}${printQuery({ fieldManager: 'test', force: true, ...query })}`
    return this.#must('PATCH', path, object, 'application/apply-patch+yaml')
  }

  /** A merge patch. */
  patch<T extends KubeObject>(place: Place, patch: object): Promise<T> {
    return this.#must('PATCH', pathOf(place), patch, 'application/merge-patch+json')
  }

  /** A token of a service account. */
  async tokenOf(namespace: string, name: string): Promise<string> {
    const path = `${pathOf({ kind: 'ServiceAccount', namespace, name })}/token`
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
    const { status } = await this.#must<{ status: { token: string } }>('POST', path, request)
    return status.token
  }

  remove(place: Place, options: object = {}): Promise<unknown> {
    return this.#must('DELETE', pathOf(place), options)
  }

  /** Events until the server ends the stream. */
  async *watch<T extends KubeObject>(place: Place, query: Query, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    const path = `${pathOf(place)}${printQuery({ watch: true, ...query })}`
    const response = await this.#send({ method: 'GET', path, signal })
    const { statusCode: status = 0, headers } = response
    if (status !== 200) throw new ApiError(`GET ${path}`, { status, headers, body: await text(response) })
    for await (const line of linesOf(response)) yield JSON.parse(line) as WatchEvent<T>
  }

  /** The objects as they are, then again after each change. */
  async *states<T extends KubeObject>({ kind, namespace, name }: Place, signal: AbortSignal): AsyncGenerator<T[]> {
    const query = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }
    const { items, metadata } = await this.list<T>({ kind, namespace }, query)
    const held = new Map(items.map((object) => [object.metadata.uid, object]))
    yield [...held.values()]
    const from = { ...query, resourceVersion: metadata.resourceVersion }
    for await (const { type, object } of this.watch<T>({ kind, namespace }, from, signal)) {
      if (type === 'DELETED') held.delete(object.metadata.uid)
      else held.set(object.metadata.uid, object)
      yield [...held.values()]
    }
  }

  /** Resolves with the objects as soon as they are as wanted. They are watched, not polled. */
  async until<T extends KubeObject>(
    place: Place,
    wanted: (objects: readonly T[]) => boolean,
    deadline: number = hang,
  ): Promise<readonly T[]> {
    const signal = AbortSignal.timeout(deadline)
    let last: readonly T[] = []
    try {
      for await (last of this.states<T>(place, signal)) if (wanted(last)) return last
    } catch (error) {
      if (!signal.aborted) throw error
    }
    throw new Error(`${pathOf(place)}: not as wanted within ${deadline / 1_000} s, but ${excerptOf(last)}`)
  }

  async #must<T>(method: string, path: string, body?: unknown, type?: string): Promise<T> {
    const answer = await this.ask(method, path, body, type)
    if (answer.status >= 400) throw new ApiError(`${method} ${path}`, answer)
    return answer.body as T
  }

  #send({ method, path, body, type, signal = AbortSignal.timeout(hang) }: Sent): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const octets = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const headers = {
      Authorization: `Bearer ${this.#token}`,
      Accept: 'application/json',
      // Node frames no body of a DELETE by itself.
      ...(octets !== undefined && { 'Content-Type': type, 'Content-Length': octets.length }),
    }
    const options = { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers, signal }
    const sent = requestHttps(options, resolve)
    sent.on('error', reject)
    sent.end(octets)
    return promise
  }
}

function printQuery(query: Query): string {
  const entries = Object.entries(query).map(([name, value]) => [name, String(value)])
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`
}

function excerptOf(objects: readonly KubeObject[]): string {
  return JSON.stringify(objects.map(({ metadata: { name }, spec, status }) => ({ name, spec, status }))).slice(0, 2_000)
}

/** Whoever stops reading ends the request. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let held = ''
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = `${held}${chunk as string}`.split('\n')
    held = lines.pop() ?? ''
    yield* lines
  }
}
