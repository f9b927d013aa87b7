import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

import { readAnswer } from './upstream-answer.ts'
import type { Ending, SeenAnswer } from './upstream-answer.ts'

/** Ends a hang; nothing is measured by it. */
const patience = 30_000

/** Where the proxy is, and the host whose only upstream is the stage. */
export interface Target {
  readonly port: number
  readonly host: string
}

/** A client connection to the proxy: asks one thing after another, and keeps every octet that came. */
export class UpstreamClient {
  readonly #socket: Socket
  readonly #host: string
  /** All that came, in every answer. */
  received = ''
  /** Resolves with the first octet that comes. */
  readonly heard: Promise<void>
  #unread = ''
  #ending: Ending = 'open'
  #changed: () => void = () => undefined

  constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#host = host
    socket.setEncoding('latin1')
    this.heard = new Promise((resolve) => socket.once('data', () => resolve()))
    socket.on('data', (text: string) => {
      this.received += text
      this.#unread += text
      this.#changed()
    })
    socket.on('end', () => this.#end('fin'))
    socket.on('error', () => this.#end('reset'))
    socket.on('close', () => this.#end('reset'))
  }

  static async connect({ port, host }: Target): Promise<UpstreamClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    await once(socket, 'connect')
    return new UpstreamClient(socket, host)
  }

  get open(): boolean {
    return this.#ending === 'open'
  }

  /** Sends a request; `rest` is what stands in it after the fields that are always there. */
  ask(
    method: string,
    path: string,
    { rest = '\r\n', version = 'HTTP/1.1' }: { readonly rest?: string; readonly version?: string } = {},
  ): Promise<SeenAnswer> {
    this.#socket.write(`${method} ${path} ${version}\r\nHost: ${this.#host}\r\n${rest}`, 'latin1')
    return this.#answer(method)
  }

  close(): void {
    this.#socket.destroy()
  }

  #end(ending: Ending): void {
    if (this.#ending === 'open') this.#ending = ending
    this.#changed()
  }

  #answer(method: string): Promise<SeenAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer; but: ${this.#unread}`)), patience)
      this.#changed = () => {
        try {
          const answer = readAnswer(this.#unread, method, this.#ending)
          if (answer === undefined) return
          this.#unread = answer.rest
          resolve(answer)
        } catch (error) {
          reject(error)
        }
        clearTimeout(timer)
        this.#changed = () => undefined
      }
      this.#changed()
    })
  }
}
