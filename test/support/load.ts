import { Agent, request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Agent as TlsAgent, request as requestOverTls } from 'node:https'

import { bodyOf } from './load-upstream.ts'

/** `refused`: the connection was not even accepted. All but `ok` are failures. */
export type Outcome = 'ok' | 'refused' | 'reset' | 'status' | 'body' | 'timeout'

export interface LedgerEntry {
  readonly path: string
  readonly method: string
  /** Milliseconds since the load began at which the request was due. */
  readonly due: number
  readonly ms: number
  readonly outcome: Outcome
  readonly status: number | undefined
  /** Our end of the connection that it was sent on; undefined if there was none. */
  readonly clientPort: number | undefined
  /** The error's text, if there was one. */
  readonly detail: string
}

export interface LoadOptions {
  readonly port: number
  readonly host: string
  /** Over TLS, whatever certificate is shown. */
  readonly secure?: boolean
  /** Requests are `PREFIX/N`, each N once. */
  readonly prefix?: string
  readonly method?: string
  /** Requests a second, offered whether or not earlier ones have been answered. */
  readonly rate: number
  readonly timeout?: number
  /** Connections take turns, so that none is idle for long; otherwise the one used last is used again. */
  readonly takeTurns?: boolean
}

export interface Load {
  readonly ledger: readonly LedgerEntry[]
  /** Open connections, busy or idle: each can carry one request at a time. */
  readonly connections: () => number
  /** Resolves once `count` requests, counted from now, have been answered or lost. */
  answered(count: number): Promise<void>
  /** Offers no more; resolves when the last one has been answered or lost. */
  stop(): Promise<readonly LedgerEntry[]>
}

export function failures(ledger: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return ledger.filter(({ outcome }) => outcome !== 'ok')
}

const tick = 4
/** Requests that are sent at once at most: a stall of this very process would otherwise end in a burst that nobody asked for. */
const mostAtOnce = 16

/** An open loop: a fixed schedule, keep-alive connections, no retries of its own, one ledger entry a request. */
export function startLoad(options: LoadOptions): Load {
  const agent = createAgent(options)
  const ledger: LedgerEntry[] = []
  const waiting = new Set<() => void>()
  const begun = performance.now()
  let offered = 0
  /** Requests that were due while this process stalled, and were never sent. */
  let skipped = 0
  const enter = (entry: LedgerEntry): void => {
    ledger.push(entry)
    for (const check of waiting) check()
  }
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1_000) * options.rate)
    skipped = Math.max(skipped, due - offered - mostAtOnce)
    while (offered + skipped < due) ask(options, agent, { number: offered++, begun, enter })
  }, tick)
  const until = (reached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!reached()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  return {
    ledger,
    connections: () => countSockets(agent.sockets) + countSockets(agent.freeSockets),
    answered: (count) => {
      const from = ledger.length
      return until(() => ledger.length >= from + count)
    },
    stop: async () => {
      clearInterval(timer)
      await until(() => ledger.length === offered)
      agent.destroy()
      return ledger
    },
  }
}

function createAgent({ host, secure = false, takeTurns = false }: LoadOptions): Agent {
  const kept = { keepAlive: true, maxFreeSockets: 64, scheduling: takeTurns ? 'fifo' : 'lifo' } as const
  return secure ? new TlsAgent({ ...kept, rejectUnauthorized: false, servername: host }) : new Agent(kept)
}

function countSockets(byHost: NodeJS.ReadOnlyDict<unknown[]>): number {
  return Object.values(byHost).reduce((sum, sockets) => sum + (sockets?.length ?? 0), 0)
}

interface Turn {
  readonly number: number
  readonly begun: number
  readonly enter: (entry: LedgerEntry) => void
}

function ask(options: LoadOptions, agent: Agent, turn: Turn): void {
  const method = options.method ?? 'GET'
  const path = `${options.prefix ?? '/load'}/${turn.number}`
  const started = performance.now()
  const due = started - turn.begun
  let settled = false
  let clientPort: number | undefined
  const settle = (outcome: Outcome, status?: number, detail = ''): void => {
    if (settled) return
    settled = true
    turn.enter({ path, method, due, ms: performance.now() - started, outcome, status, clientPort, detail })
  }
  const { port, host, secure = false, timeout = 30_000 } = options
  const send = secure ? requestOverTls : request
  const sent = send({ host: '127.0.0.1', port, method, path, agent, headers: { Host: host }, timeout })
  sent.on('socket', (socket) => {
    const note = (): void => void (clientPort = socket.localPort)
    if (socket.connecting) socket.once('connect', note)
    else note()
  })
  sent.on('timeout', () => {
    settle('timeout')
    sent.destroy()
  })
  sent.on('error', (error: NodeJS.ErrnoException) =>
    settle(isRefused(error, sent) ? 'refused' : 'reset', undefined, String(error)),
  )
  sent.on('response', (response) =>
    read(response, (body) => settle(judge(response, body, path), response.statusCode, body.slice(0, 80))),
  )
  sent.end()
}

function isRefused(error: NodeJS.ErrnoException, sent: ClientRequest): boolean {
  return error.code === 'ECONNREFUSED' && !sent.reusedSocket
}

function judge(response: IncomingMessage, body: string, path: string): Outcome {
  if (!response.complete) return 'reset'
  if (response.statusCode !== 200) return 'status'
  return body === bodyOf(path) ? 'ok' : 'body'
}

function read(response: IncomingMessage, done: (body: string) => void): void {
  let body = ''
  response.setEncoding('latin1')
  response.on('data', (text: string) => (body += text))
  response.on('close', () => done(body))
  response.on('error', () => done(body))
}
