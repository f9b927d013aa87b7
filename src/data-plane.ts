import { write } from 'node:fs'

import { Deadlines, printable } from './base/index.ts'
import { RequestScanner, ResponseScanner } from './http/index.ts'
import { Chains, middlewares } from './middleware/index.ts'
import { connectionSlots, droppedLinesSlot } from './model/index.ts'
import type { ConfiguredSettings, ServingState, Settings } from './model/index.ts'
import { RouterBuilder, UpstreamHeadPrinter } from './route/index.ts'
import { settingsOf } from './serve-options.ts'
import type { StartMessage } from './serve-options.ts'
import {
  AccessLogWriter,
  Counts,
  createHttpDate,
  createRequestIds,
  DescriptorBudget,
  Listener,
  listenOnAll,
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

/** All that carries traffic in a worker, put together: listeners, proxy, pools, and what they share. */
export class DataPlane {
  readonly #start: StartMessage
  readonly log: AccessLogWriter | undefined
  readonly counts: Counts = new Counts()
  readonly #routers = new RouterBuilder()
  readonly #tls = new TlsContexts(sayUnusable)
  readonly #balancer = new RoundRobin()
  readonly #deadlines = new Deadlines(clock, sweepPeriod)
  readonly #shared = { readBuffers: new ReadBuffers(), descriptors: new DescriptorBudget(readDescriptorLimit(), clock) }
  readonly #pools: UpstreamPools
  readonly #proxy: Proxy
  readonly #context: ConnectionContext
  readonly #http: Listener
  readonly #https: Listener
  #serving: Serving | undefined

  constructor(message: StartMessage) {
    const { options, listening } = message
    const settings = settingsOf(options, listening)
    this.#start = message
    this.log = options.log === 'off' ? undefined : new AccessLogWriter(options.log, writeOut, () => clock.wall())
    this.#pools = this.#createPools(settings)
    this.#proxy = this.#createProxy(settings)
    this.#context = this.#createContext(settings)
    this.#http = new Listener(this.#context)
    this.#https = new Listener(this.#context, this.#tls)
  }

  #createPools(settings: Settings): UpstreamPools {
    const { upstreamHead } = settings
    const scanner = new ResponseScanner({ requestLine: upstreamHead, head: upstreamHead, fields: mostUpstreamFields })
    return new UpstreamPools({ settings, clock, deadlines: this.#deadlines, scanner, ...this.#shared })
  }

  #createProxy(settings: Settings): Proxy {
    return new Proxy({
      serving: () => this.#current(),
      pools: this.#pools,
      balancer: this.#balancer,
      budget: new RetryBudget(),
      chains: new Chains(middlewares),
      heads: new UpstreamHeadPrinter(settings),
      deadlines: this.#deadlines,
      settings,
      clock,
      counts: this.counts,
      log: this.log?.log,
    })
  }

  #createContext(settings: Settings): ConnectionContext {
    return {
      settings,
      clock,
      deadlines: this.#deadlines,
      counts: this.counts,
      log: this.log?.log,
      scanner: new RequestScanner(settings.requestLimits),
      ...trustedBy(settings),
      ...this.#shared,
      newRequestId: createRequestIds(),
      httpDate: createHttpDate(clock),
      onExchange: (exchange) => this.#proxy.handle(exchange),
      draining: false,
    }
  }

  /** Listening begins with the first table, so no request can come before it. */
  #current(): Serving {
    if (this.#serving === undefined) throw new TypeError('worker: a request came before the first table')
    return this.#serving
  }

  /** One assignment swaps the table; what lives longer (pools, turns, contexts) is told what is left. */
  use({ table, backends }: ServingState): void {
    this.#configure(table.settings)
    this.#tls.use(table)
    this.#useDefault()
    this.#serving = { router: this.#routers.build(table), backends }
    this.#pools.use(backends)
    this.#balancer.retain(backends)
  }

  #useDefault(): void {
    try {
      this.#https.useDefault(this.#tls)
    } catch (error) {
      sayUnusable(this.#tls.defaultPair?.id ?? '', error)
    }
  }

  /** From now on; connections that are open keep what they began with. */
  #configure(configured: ConfiguredSettings): void {
    const { options, listening } = this.#start
    const settings = settingsOf(options, listening, configured)
    Object.assign(this.#context, { settings, ...trustedBy(settings) })
  }

  async listen(): Promise<void> {
    const { listening, descriptors } = this.#start
    const { address, httpPort, httpsPort } = listening
    await this.#http.listen(listenOnAll({ address, port: httpPort }, descriptors.http))
    await this.#https.listen(listenOnAll({ address, port: httpsPort }, descriptors.https))
  }

  setTicketKeys(keys: Buffer): void {
    this.#https.setTicketKeys(keys)
  }

  /** Brings the counts up to now. Answers the connections that are open. */
  count(): { readonly http: number; readonly https: number } {
    const [http, https] = [this.#http, this.#https]
    this.counts.note(connectionSlots.http, http.accepted)
    this.counts.note(connectionSlots.https, https.accepted)
    this.counts.note(droppedLinesSlot, this.log?.dropped ?? 0)
    return { http: http.connections, https: https.connections }
  }

  get draining(): boolean {
    return this.#context.draining
  }

  /** Announces the end. Resolves when nothing is accepted any more and all has ended. */
  async drain(): Promise<void> {
    this.#context.draining = true
    await Promise.all([this.#http.drain(), this.#https.drain()])
  }

  stopAccepting(): void {
    for (const listener of [this.#http, this.#https]) listener.stopAccepting()
  }

  /** Whatever is still under way. */
  cut(): void {
    this.#proxy.destroy()
    for (const listener of [this.#http, this.#https]) listener.destroy()
  }
}

function trustedBy({ trustedProxies, introducers }: Settings): Pick<ConnectionContext, 'proxies' | 'introducers'> {
  return { proxies: new TrustedProxies(trustedProxies), introducers: new TrustedProxies(introducers) }
}

/** Not through `process.stdout`, which would wait for a slow reader. A log that cannot be written is no reason to stop. */
function writeOut(text: string, done: () => void): void {
  write(standardOutput, text, () => done())
}

/** What is shown in its place: the default certificate, and in that one's place the former one. */
function sayUnusable(certificate: string, error: unknown): void {
  console.error(printable(`lintel: the certificate ${certificate} cannot be shown: ${String(error)}`))
}
