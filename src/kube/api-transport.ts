import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

import type { Clock } from '../base/index.ts'
import type { Json } from '../model/index.ts'
import type { Connection, Credentials } from './connection.ts'
import { parseJson } from './json.ts'
import { errorOfAnswer, KubeError } from './kube-error.ts'
import { LineSplitter } from './line-splitter.ts'
import { Watchdog } from './watchdog.ts'

/** Until the head of an answer, credentials and connection included, and between octets of its body. */
const answerLimit = 15_000
/** Until the end of an answer that holds one object, however steadily it comes. */
const wholeLimit = 60_000
const largestBody = 128 * 1024 * 1024
const largestError = 64 * 1024
/** An event holds one object, and etcd takes none above 1.5 MiB by default. */
const largestLine = 16 * 1024 * 1024
const keepAliveProbe = 15_000

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query. */
  readonly path: string
  readonly body?: Json
  readonly contentType?: string
}

/** What a stream of lines tells its reader. */
export interface LineHandler {
  /** The answer is 200 and lines follow. */
  opened(): void
  line(text: string): void
}

/** HTTP to the API server: JSON both ways, or a stream of lines. Every failure is a KubeError. */
export class ApiTransport {
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #agent: HttpAgent

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
    const options = { keepAlive: true, keepAliveMsecs: keepAliveProbe, maxFreeSockets: 4 }
    this.#agent = this.#secure ? new HttpsAgent(options) : new HttpAgent(options)
  }

  /** Resolves with the parsed body of a 2xx answer, which has come to its end `limit` ms after its head. */
  async json(request: ApiRequest, signal: AbortSignal, limit: number = wholeLimit): Promise<Json> {
    const response = await this.#open(request, signal)
    const value = parseJson((await this.#read(response, largestBody, limit)).toString('utf8'))
    if (value === undefined)
      throw new KubeError(0, 'InvalidAnswer', 'the API server answered something that is not JSON')
    return value
  }

  /** Resolves when the stream has come to its end; rejects when it broke, or nothing was heard for `silence` ms. */
  async lines(path: string, handler: LineHandler, silence: number, signal: AbortSignal): Promise<void> {
    const response = await this.#open({ method: 'GET', path }, signal)
    const splitter = new LineSplitter(largestLine, (text) => handler.line(text))
    const opened = (): void => handler.opened()
    await this.#consume(response, { silence, whole: Infinity, opened, take: (chunk) => splitter.take(chunk) })
  }

  close(): void {
    this.#agent.destroy()
  }

  get #secure(): boolean {
    return this.#connection.server.protocol === 'https:'
  }

  /** Resolves with a 2xx answer whose body is still to come. */
  async #open(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#head(request, signal)
    const { statusCode = 0, headers } = response
    if (statusCode >= 200 && statusCode < 300) return response
    if (statusCode === 401) this.#connection.forget()
    const body = await this.#read(response, largestError, wholeLimit).catch(() => Buffer.alloc(0))
    throw errorOfAnswer(statusCode, headers['retry-after'], parseJson(body.toString('utf8')))
  }

  /** Resolves with the head of an answer. */
  #head(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const late = new AbortController()
    const stop = this.#clock.after(answerLimit, () => {
      reject(silent(answerLimit))
      late.abort()
    })
    const send = async (): Promise<void> => {
      const sent = this.#send(request, await this.#connection.credentials(), AbortSignal.any([signal, late.signal]))
      sent.on('response', resolve).on('error', (error) => reject(unreachable(error)))
    }
    send().catch((error: unknown) => reject(unreachable(error)))
    return promise.finally(stop)
  }

  #send({ method, path, body, contentType }: ApiRequest, credentials: Credentials, signal: AbortSignal): ClientRequest {
    const { server } = this.#connection
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      Accept: 'application/json',
      'User-Agent': 'lintel',
      ...credentials.headers,
      ...(text !== undefined && { 'Content-Type': contentType ?? 'application/json' }),
    }
    const options = {
      ...credentials.tls,
      agent: credentials.agent ?? this.#agent,
      method,
      headers,
      host: server.hostname.replaceAll(/[[\]]/g, ''),
      port: server.port === '' ? (this.#secure ? 443 : 80) : Number(server.port),
      path: server.pathname.replace(/\/$/, '') + path,
      signal,
    }
    const request = this.#secure ? requestHttps(options) : requestHttp(options)
    request.end(text)
    return request
  }

  async #read(response: IncomingMessage, largest: number, whole: number): Promise<Buffer> {
    const chunks: Buffer[] = []
    let held = 0
    const take = (chunk: Buffer): void => {
      held += chunk.length
      if (held > largest) throw new KubeError(0, 'TooLarge', `an answer is longer than ${largest} octets`)
      chunks.push(chunk)
    }
    await this.#consume(response, { silence: answerLimit, whole, take })
    return Buffer.concat(chunks)
  }

  /** Everything ends a response once: its end, a fault, silence, slowness, or a reader that throws. */
  #consume(response: IncomingMessage, { silence, whole, opened, take }: Reading): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const fail = (error: Error): void => {
      reject(error)
      response.destroy()
    }
    const watchdog = new Watchdog(this.#clock, silence, () => fail(silent(silence)))
    watchdog.heard()
    const stop = whole === Infinity ? undefined : this.#clock.after(whole, () => fail(slow(whole)))
    response.on('data', (chunk: Buffer) => {
      watchdog.heard()
      attempt(() => take(chunk), fail)
    })
    response.on('end', resolve)
    response.on('error', (error) => fail(unreachable(error)))
    response.on('close', () => fail(unreachable(new Error('the connection broke off'))))
    if (opened !== undefined) attempt(opened, fail)
    return promise.finally(() => {
      watchdog.stop()
      stop?.()
    })
  }
}

/** How a body is read. */
interface Reading {
  /** Milliseconds between its octets. */
  readonly silence: number
  /** Milliseconds until its end. */
  readonly whole: number
  readonly opened?: () => void
  readonly take: (chunk: Buffer) => void
}

function attempt(call: () => void, fail: (error: Error) => void): void {
  try {
    call()
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)))
  }
}

function silent(ms: number): KubeError {
  return new KubeError(0, 'Silent', `nothing was heard of the API server for ${ms / 1_000} s`)
}

function slow(ms: number): KubeError {
  return new KubeError(0, 'Slow', `an answer of the API server has not come to its end in ${ms / 1_000} s`)
}

function unreachable(error: unknown): KubeError {
  const { message } = error instanceof Error ? error : new Error(String(error))
  return new KubeError(0, 'Unreachable', `the API server cannot be reached: ${message}`)
}
