import type { Socket } from 'node:net'

import type { ConnectionContext } from './connection-context.ts'
import { readProxyHeader } from './proxy-protocol.ts'
import { connectionKey, peerAddress } from './socket-ends.ts'

type IntroductionContext = Pick<ConnectionContext, 'introducers' | 'deadlines' | 'settings'>

/**
 * Behind a balancer that speaks the PROXY protocol a connection begins with a header that says who the client is. It is
 * read before anything else, TLS included. Who is not trusted, or does not introduce its client well and in time, is
 * closed unanswered.
 */
export class Introductions {
  readonly #context: IntroductionContext
  readonly #scheme: 'http' | 'https'
  /** Client addresses by connection, for as long as the connection is open. */
  readonly #introduced = new Map<string, string>()

  constructor(context: IntroductionContext, scheme: 'http' | 'https') {
    this.#context = context
    this.#scheme = scheme
  }

  /** Whether connections that come now begin with an introduction. */
  get expected(): boolean {
    return this.#context.settings.proxyProtocol.includes(this.#scheme)
  }

  /** The client's address if the connection was introduced with one. A TLS socket answers as the one beneath it. */
  addressOf(socket: Socket): string | undefined {
    return this.#introduced.size === 0 ? undefined : this.#introduced.get(connectionKey(socket))
  }

  /** `met` is called once, with the octets that came after the header. */
  meet(socket: Socket, met: (rest: Buffer) => void): void {
    const { introducers, deadlines, settings } = this.#context
    if (!introducers.has(peerAddress(socket) ?? '')) return void socket.destroy()
    const deadline = deadlines.watch(() => socket.destroy())
    let held: Buffer = Buffer.alloc(0)
    const read = (chunk: Buffer): void => {
      held = Buffer.concat([held, chunk])
      const header = readProxyHeader(held)
      if (header === 'more') return
      if (header === 'invalid') return void socket.destroy()
      stop()
      this.#remember(socket, header.address)
      met(held.subarray(header.length))
    }
    const gone = (): void => void socket.destroy()
    const stop = (): void => {
      deadline.close()
      socket.off('data', read).off('end', gone)
      socket.pause()
    }
    socket.on('data', read).on('end', gone)
    socket.once('close', () => deadline.close())
    deadline.arm(settings.clientHeadTimeout)
  }

  #remember(socket: Socket, address: string | undefined): void {
    if (address === undefined) return
    const key = connectionKey(socket)
    this.#introduced.set(key, address)
    socket.once('close', () => this.#introduced.delete(key))
  }
}
