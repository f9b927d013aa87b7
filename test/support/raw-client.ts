import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

const patience = 5_000

/** A client that sends octets as they are given and keeps what comes back, latin1. */
export class RawClient {
  readonly socket: Socket
  received = ''
  /** How the peer ended: with a FIN, or with a reset; undefined while it has not. */
  ending: 'end' | 'reset' | undefined
  #changed: () => void = () => undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.#note(() => (this.received += text)))
    socket.on('end', () => this.#note(() => (this.ending ??= 'end')))
    socket.on('error', () => this.#note(() => (this.ending ??= 'reset')))
    socket.on('close', () => this.#note(() => (this.ending ??= 'reset')))
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host, noDelay: true, allowHalfOpen: true })
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  send(text: string): void {
    this.socket.write(text, 'latin1')
  }

  /** Resolves when `enough` holds of all that was received; fails if that does not come about. */
  until(enough: string | ((received: string) => boolean)): Promise<string> {
    const check = typeof enough === 'string' ? (text: string) => text.includes(enough) : enough
    return this.#wait(() => check(this.received))
  }

  /** All that was received, once the peer has ended. */
  ended(): Promise<string> {
    return this.#wait(() => this.ending !== undefined)
  }

  close(): void {
    this.socket.destroy()
  }

  #note(change: () => void): void {
    change()
    this.#changed()
  }

  #wait(holds: () => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not received; but: ${this.received}`)), patience)
      this.#changed = () => {
        if (!holds() && this.ending === undefined) return
        clearTimeout(timer)
        if (holds()) resolve(this.received)
        else reject(new Error(`${this.ending}; received: ${this.received}`))
      }
      this.#changed()
    })
  }
}

/** Resolves when all that this process sent itself before has been seen by its loop. */
export async function roundTrip(): Promise<void> {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = await RawClient.connect((server.address() as AddressInfo).port)
  client.send('ping')
  await client.until('ping')
  client.socket.end()
  await client.ended()
  client.close()
  server.close()
}
