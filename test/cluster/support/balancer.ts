import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

import { ask } from '../../support/http-client.ts'
import { untilTrue } from './until.ts'

/** A replica: where its clients go, and where it says whether it is ready. */
export interface Member {
  readonly httpPort: number
  readonly adminPort: number
}

export interface Pace {
  /** Milliseconds between two looks at `/readyz`. */
  readonly period: number
  /** Milliseconds that the news then take. */
  readonly delay: number
}

/**
 * Passes TCP connections to replicas in turn, as kube-proxy does: to those that were ready when it heard of them last. It
 * does not look into connections, does not move them, and tries no other replica where one refuses.
 */
export class Balancer {
  readonly #pace: Pace
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #members = new Set<Member>()
  readonly #ready = new Set<Member>()
  #turn = 0

  constructor(pace: Pace) {
    this.#pace = pace
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  close(): void {
    this.#members.clear()
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Resolves once connections go to it. */
  async add(member: Member): Promise<void> {
    this.#members.add(member)
    void this.#follow(member)
    await this.#until(member, true)
  }

  /** Resolves once no further connection goes to it. */
  gone(member: Member): Promise<void> {
    return this.#until(member, false)
  }

  /** As long as it is a member. What does not answer is not ready. */
  async #follow(member: Member): Promise<void> {
    const ports = { http: member.adminPort, https: 0 }
    while (this.#members.has(member)) {
      const answer = await ask(ports, { method: 'GET', url: 'http://replica/readyz' }).catch(() => undefined)
      await pause(this.#pace.delay)
      if (answer?.status === 200) this.#ready.add(member)
      else this.#ready.delete(member)
      await pause(this.#pace.period)
    }
  }

  #until(member: Member, wanted: boolean): Promise<void> {
    return untilTrue(`a replica heard of as ${wanted ? '' : 'not '}ready`, () =>
      Promise.resolve(this.#ready.has(member) === wanted),
    )
  }

  #join(client: Socket): void {
    const ready = [...this.#ready]
    const member = ready[this.#turn++ % Math.max(1, ready.length)]
    if (member === undefined) return void client.resetAndDestroy()
    const server = connect({ port: member.httpPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from)
      from.on('error', () => to.resetAndDestroy())
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  }
}
