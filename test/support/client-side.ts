import { Deadlines } from '../../src/base/index.ts'
import { RequestScanner } from '../../src/http/index.ts'
import type { ResponseHead } from '../../src/http/index.ts'
import { defaultSettings } from '../../src/model/index.ts'
import type { AccessEntry, Exchange, ExchangeHandler, Settings } from '../../src/model/index.ts'
import {
  bindPort,
  Counts,
  createHttpDate,
  createRequestIds,
  DescriptorBudget,
  Listener,
  listenOn,
  ReadBuffers,
  TrustedProxies,
} from '../../src/serve/index.ts'
import type { ConnectionContext, TlsContexts } from '../../src/serve/index.ts'
import { FakeClock } from './fake-clock.ts'
import { RawClient } from './raw-client.ts'

/** The client side alone: a listener whose requests a test answers itself, on a clock that stands still. */
export interface ClientSide {
  readonly port: number
  readonly listener: Listener
  readonly context: ConnectionContext
  readonly clock: FakeClock
  readonly log: readonly AccessEntry[]
  /** Requests that were handed over. */
  readonly exchanges: readonly Exchange[]
  connect(): Promise<RawClient>
  close(): void
}

interface Options {
  readonly settings?: Partial<Settings>
  readonly tls?: TlsContexts
  readonly host?: string
  /** What accepted sockets are read into; with `new ReadBuffers(false)` by `data` events, as where Node offers nothing else. */
  readonly readBuffers?: ReadBuffers
}

export async function startClientSide(
  onExchange: (exchange: Exchange) => void,
  { settings = {}, tls, host = '127.0.0.1', readBuffers = new ReadBuffers() }: Options = {},
): Promise<ClientSide> {
  const clock = new FakeClock()
  const log: AccessEntry[] = []
  const exchanges: Exchange[] = []
  const clients: RawClient[] = []
  const shared = createContext(
    clock,
    settings,
    (entry) => log.push(entry),
    (exchange) => {
      exchanges.push(exchange)
      onExchange(exchange)
    },
  )
  const context = { ...shared, readBuffers }
  const listener = new Listener(context, tls)
  if (tls !== undefined) listener.useDefault(tls)
  const bound = await bindPort(host, 0)
  await listener.listen([listenOn(bound, bound.descriptor)])
  const connect = async (): Promise<RawClient> => {
    const client = await RawClient.connect(bound.port)
    clients.push(client)
    return client
  }
  const close = (): void => {
    listener.stopAccepting()
    listener.destroy()
    for (const client of clients) client.close()
  }
  return { port: bound.port, listener, context, clock, log, exchanges, connect, close }
}

/** What connections share, of a process that has nothing else. */
export function createContext(
  clock: FakeClock,
  changes: Partial<Settings>,
  log: ConnectionContext['log'],
  onExchange: ConnectionContext['onExchange'],
): Omit<ConnectionContext, 'readBuffers'> {
  const settings = { ...defaultSettings, ...changes }
  return {
    settings,
    clock,
    deadlines: new Deadlines(clock, 500),
    scanner: new RequestScanner(settings.requestLimits),
    proxies: new TrustedProxies(settings.trustedProxies),
    introducers: new TrustedProxies(settings.introducers),
    log,
    counts: new Counts(),
    descriptors: new DescriptorBudget(Infinity, clock),
    newRequestId: createRequestIds(),
    httpDate: createHttpDate(clock),
    onExchange,
    draining: false,
  }
}

/** An answer head with nothing in it but what a test names. */
export function responseHead(status: number, bodyLength: number, more: Partial<ResponseHead> = {}): ResponseHead {
  return {
    status,
    minor: 1,
    phrase: 'Spoken',
    lines: '',
    dropped: [],
    bodyLength,
    declaredLength: bodyLength >= 0 ? bodyLength : undefined,
    persistent: true,
    keepAliveTimeout: undefined,
    server: undefined,
    hasDate: true,
    websocket: false,
    ...more,
  }
}

/** Hears nothing. */
export const deaf: ExchangeHandler = { drained: () => undefined, cancelled: () => undefined }

/** Answers at once, with a body of a known length. */
export function reply(exchange: Exchange, text: string, head: Partial<ResponseHead> = {}): void {
  exchange.attach(deaf)
  const bodiless = exchange.request.method === 'HEAD'
  exchange.writeHead(responseHead(200, bodiless ? 0 : text.length, { declaredLength: text.length, ...head }))
  if (!bodiless) exchange.writeBody(Buffer.from(text, 'latin1'), 0, text.length)
  exchange.endBody('')
}

/** Reads the whole body, then answers with what it was. */
export function replyWithBody(exchange: Exchange): void {
  let body = ''
  exchange.attach(deaf)
  exchange.readBody({
    data: (bytes, start, end) => {
      body += bytes.toString('latin1', start, end)
      return true
    },
    end: (trailers) => reply(exchange, `${body}|${trailers}`),
  })
}
