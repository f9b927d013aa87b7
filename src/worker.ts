import { write } from 'node:fs'
import { Socket } from 'node:net'

import { Deadlines } from './base/index.ts'
import { Subscriber } from './fleet/index.ts'
import { RequestScanner, ResponseScanner } from './http/index.ts'
import { Chains, middlewares } from './middleware/index.ts'
import { connectionSlots, droppedLinesSlot } from './model/index.ts'
import type { AccessLog, ConfiguredSettings, ServingState, Settings } from './model/index.ts'
import { RouterBuilder, UpstreamHeadPrinter } from './route/index.ts'
import { serving, settingsOf } from './serve-options.ts'
import type { ChildMessage, StartMessage } from './serve-options.ts'
import {
  AccessLogWriter,
  Counts,
  createHttpDate,
  createRequestIds,
  DescriptorBudget,
  Listener,
  listenOn,
  Proxy,
  readDescriptorLimit,
  ReadBuffers,
  RetryBudget,
  RoundRobin,
  TlsContexts,
  TrustedProxies,
  UpstreamPools,
} from './serve/index.ts'
import type { ConnectionContext, Serving } from './serve/index.ts'
import { systemClock as clock } from './system-clock.ts'

const standardOutput = 1
const mostUpstreamFields = 256
const sweepPeriod = 250
const reportPeriod = 1_000

/** A worker process: holds the current table and carries traffic by it. It never asks control for anything. */
class Worker {
  readonly #start: StartMessage
  readonly #log: AccessLogWriter | undefined
  readonly #routers = new RouterBuilder()
  readonly #tls = new TlsContexts()
  readonly #balancer = new RoundRobin()
  readonly #readBuffers = new ReadBuffers()
  readonly #descriptors = new DescriptorBudget(readDescriptorLimit(), clock)
  readonly #counts = new Counts()
  readonly #pools: UpstreamPools
  readonly #proxy: Proxy
  readonly #context: ConnectionContext
  readonly #http: Listener
  readonly #https: Listener
  readonly subscriber: Subscriber
  #serving: Serving | undefined
  #listening: Promise<unknown> | undefined

  constructor(message: StartMessage) {
    this.#start = message
    const { options, listening } = message
    const settings = settingsOf(options, listening)
    const deadlines = new Deadlines(clock, sweepPeriod)
    this.#log = options.log === 'off' ? undefined : new AccessLogWriter(options.log, writeOut, () => clock.wall())
    const log = this.#log?.log
    this.#pools = createPools(settings, deadlines, { readBuffers: this.#readBuffers, descriptors: this.#descriptors })
    this.#proxy = new Proxy({
      serving: () => this.#current,
      pools: this.#pools,
      balancer: this.#balancer,
      budget: new RetryBudget(),
      chains: new Chains(middlewares),
      heads: new UpstreamHeadPrinter(settings),
      deadlines,
      settings,
      clock,
      counts: this.#counts,
      log,
    })
    this.#context = this.#createContext(settings, deadlines, log)
    this.#http = new Listener(this.#context)
    this.#https = new Listener(this.#context, this.#tls)
    this.subscriber = new Subscriber({
      use: (state) => this.#use(state),
      ticketKeys: (keys) => this.#https.setTicketKeys(keys),
      announced: () => this.#log?.release(),
    })
    clock.every(reportPeriod, () => this.#tellCounts())
  }

  #createContext(settings: Settings, deadlines: Deadlines, log: AccessLog | undefined): ConnectionContext {
    return {
      settings,
      clock,
      deadlines,
      counts: this.#counts,
      log,
      scanner: new RequestScanner(settings.requestLimits),
      ...trustedBy(settings),
      readBuffers: this.#readBuffers,
      descriptors: this.#descriptors,
      newRequestId: createRequestIds(),
      httpDate: createHttpDate(clock),
      onExchange: (exchange) => this.#proxy.handle(exchange),
      draining: false,
    }
  }

  /** Listening begins with the first table, so no request can come before it. */
  get #current(): Serving {
    if (this.#serving === undefined) throw new TypeError('worker: a request came before the first table')
    return this.#serving
  }

  /** One assignment swaps the table; what lives longer (pools, turns, contexts) is told what is left. */
  async #use({ table, backends }: ServingState): Promise<void> {
    this.#configure(table.settings)
    this.#tls.use(table)
    this.#https.useDefault(this.#tls)
    this.#serving = { router: this.#routers.build(table), backends }
    this.#pools.use(backends)
    this.#balancer.retain(backends)
    this.#listening ??= this.#listen()
    await this.#listening
  }

  /** From now on; connections that are open keep what they began with. */
  #configure(configured: ConfiguredSettings): void {
    const { options, listening } = this.#start
    const settings = settingsOf(options, listening, configured)
    Object.assign(this.#context, { settings, ...trustedBy(settings) })
  }

  async #listen(): Promise<void> {
    const { listening, descriptors } = this.#start
    const { address, httpPort, httpsPort } = listening
    await this.#http.listen(listenOn({ address, port: httpPort }, descriptors[0]))
    await this.#https.listen(listenOn({ address, port: httpsPort }, descriptors[1]))
    process.send?.(serving)
  }

  #tellCounts(): void {
    const [http, https] = [this.#http, this.#https]
    this.#counts.note(connectionSlots.http, http.accepted)
    this.#counts.note(connectionSlots.https, https.accepted)
    this.#counts.note(droppedLinesSlot, this.#log?.dropped ?? 0)
    const open = { http: http.connections, https: https.connections }
    this.subscriber.report(() => this.#counts.takeNews(), open)
  }

  /** Announces the end, accepts for a while longer, finishes what was begun, and ends. */
  drain(): void {
    if (this.#context.draining) return
    this.#context.draining = true
    const { drainDelay, drainLimit } = this.#start.options
    const drained = Promise.all([this.#http.drain(), this.#https.drain()])
    setTimeout(() => this.#stopAccepting(drained), drainDelay)
    setTimeout(() => this.#cut(), drainDelay + drainLimit).unref()
  }

  #stopAccepting(drained: Promise<unknown>): void {
    for (const listener of [this.#http, this.#https]) listener.stopAccepting()
    void drained.then(() => this.#end())
  }

  #cut(): void {
    this.#proxy.destroy()
    for (const listener of [this.#http, this.#https]) listener.destroy()
  }

  async #end(): Promise<void> {
    this.#tellCounts()
    await this.#log?.flush()
    process.exit(0)
  }
}

function trustedBy({ trustedProxies, introducers }: Settings): Pick<ConnectionContext, 'proxies' | 'introducers'> {
  return { proxies: new TrustedProxies(trustedProxies), introducers: new TrustedProxies(introducers) }
}

function createPools(
  settings: Settings,
  deadlines: Deadlines,
  shared: Pick<ConnectionContext, 'readBuffers' | 'descriptors'>,
): UpstreamPools {
  const { upstreamHead } = settings
  const scanner = new ResponseScanner({ requestLine: upstreamHead, head: upstreamHead, fields: mostUpstreamFields })
  return new UpstreamPools({ settings, clock, deadlines, scanner, ...shared })
}

/** Not through `process.stdout`, which would wait for a slow reader. A log that cannot be written is no reason to stop. */
function writeOut(text: string, done: () => void): void {
  write(standardOutput, text, () => done())
}

let worker: Worker | undefined

process.on('message', (message: ChildMessage, pipe?: Socket) => {
  if (message.type === 'start') {
    worker = new Worker(message)
    for (const [id, fd] of message.pipes) {
      process.title = `lintel: worker ${id}`
      worker.subscriber.join(new Socket({ fd }), false)
    }
  }
  if (message.type === 'peer' && pipe !== undefined) worker?.subscriber.join(pipe, true)
  if (message.type === 'drain') worker?.drain()
})
process.on('disconnect', () => (worker === undefined ? process.exit(0) : worker.drain()))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
