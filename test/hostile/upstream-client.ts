import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

import { readAnswer } from './upstream-answer.ts'
import type { Ending, SeenAnswer } from './upstream-answer.ts'
import { afterInterims } from './upstream-shape.ts'

/** Where the proxy is, the host whose only upstream is the stage, and how long its answers are waited for. */
export interface Target {
  readonly port: number
  readonly host: string
  /** Milliseconds. */
  readonly patience: number
}

/** No answer came, and the connection is still open. */
export class NoAnswer extends Error {}

/** A client connection to the proxy: asks one thing after another, and keeps every octet that came. */
export class UpstreamClient {
  readonly #socket: Socket
  readonly #target: Target
  /** All that came, in every answer. */
  received = ''
  /** Resolves with the first octet of an answer that is not an interim one. */
  readonly heard: Promise<void>
  #unread = ''
  #ending: Ending = 'open'
  #changed: () => void = () => undefined

  constructor(socket: Socket, target: Target) {
    this.#socket = socket
    this.#target = target
    socket.setEncoding('latin1')
    const { promise, resolve } = Promise.withResolvers<void>()
    this.heard = promise
    socket.on('data', (text: string) => {
      this.received += text
      if (afterInterims(this.received) !== '') resolve()
      this.#unread += text
      this.#changed()
    })
    socket.on('end', () => this.#end('fin'))
    socket.on('error', () => this.#end('reset'))
    socket.on('close', () => this.#end('reset'))
  }

  static async connect(target: Target): Promise<UpstreamClient> {
    const socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    await once(socket, 'connect')
    return new UpstreamClient(socket, target)
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
    this.#socket.write(`${method} ${path} ${version}\r\nHost: ${this.#target.host}\r\n${rest}`, 'latin1')
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
      const giveUp = (): void => reject(new NoAnswer(`no answer; but: ${this.#unread}`))
      const timer = setTimeout(giveUp, this.#target.patience)
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
