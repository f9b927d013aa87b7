import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

import { afterInterims } from './upstream-shape.ts'
import type { Step, UpstreamShape } from './upstream-shape.ts'

/** Paths under this are answered by the shape on stage; every other path gets an answer that names it. */
export const shapePath = '/shape/'

/** What the stage says to a request of its own accord. */
export function ownBody(path: string): string {
  return `own ${path}`
}

/** How octets are sent: whole, or one at a time. */
export type Pieces = 'whole' | 'octets'

/** A raw upstream on a port of its own, which plays a shape for one path and answers others truly. */
export class UpstreamStage {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #deliveries = new Map<string, number>()
  #shape: UpstreamShape | undefined
  #pieces: Pieces = 'whole'
  #heard: Promise<void> = Promise.resolve()
  /** The connection on which each path was asked for last. */
  readonly #askedOn = new Map<string, Socket>()
  /** The connection on which the shape was played last. */
  #played: Socket | undefined
  #playing: Promise<unknown> = Promise.resolve()

  constructor() {
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket))
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    this.#drop()
  }

  /**
   * Puts a shape on stage. One that speaks first needs a connection that is new. `heard`: octets of a final answer have come
   * to the client; a reset waits for them once a head of one was sent, lest it overtake what was sent before.
   */
  put(shape: UpstreamShape, pieces: Pieces, heard: Promise<void>): void {
    this.#shape = shape
    this.#heard = heard
    this.#pieces = pieces
    this.#deliveries.clear()
    this.#askedOn.clear()
    if (shape.eager === true) this.#drop()
  }

  deliveries(path: string): number {
    return this.#deliveries.get(path) ?? 0
  }

  /** Whether a path was asked for on the connection on which the shape was played. */
  sharesPlayed(path: string): boolean {
    return this.#played !== undefined && this.#askedOn.get(path) === this.#played
  }

  /** What the shape does when its answer has been taken, on the same connection. */
  async playAfterwards(): Promise<void> {
    await this.#playing
    if (this.#played !== undefined) await this.#play(this.#played, this.#shape?.afterwards ?? [], Promise.resolve())
  }

  #drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('end', () => socket.end())
    const reader = new RequestReader((path, isWhole) => this.#answer(socket, path, isWhole))
    socket.on('data', (bytes) => reader.take(bytes.toString('latin1')))
    if (this.#shape?.eager !== true) return
    this.#playing = this.#play(socket, this.#shape.steps, Promise.resolve())
    this.#shape = { ...this.#shape, eager: true, steps: [] }
  }

  #answer(socket: Socket, path: string, isWhole: Promise<void>): void {
    const before = this.deliveries(path)
    this.#deliveries.set(path, before + 1)
    this.#askedOn.set(path, socket)
    const shape = this.#shape
    if (shape !== undefined && path.startsWith(shapePath) && shape.eager !== true) {
      this.#played = socket
      this.#playing = this.#play(socket, before > 0 && shape.again !== undefined ? shape.again : shape.steps, isWhole)
      return
    }
    const body = ownBody(path)
    void isWhole.then(() => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'latin1'))
  }

  async #play(socket: Socket, steps: readonly Step[], isWhole: Promise<void>): Promise<void> {
    for (const step of steps) {
      if (socket.destroyed) return
      if (typeof step === 'string') await this.#send(socket, step)
      else if (step.act === 'whole') await isWhole
      else if (step.act === 'deaf') socket.pause()
      else if (step.act === 'reset') await this.#reset(socket, steps)
      else await new Promise<void>((resolve) => socket.end(resolve))
    }
  }

  async #reset(socket: Socket, steps: readonly Step[]): Promise<void> {
    const sent = steps.filter((step) => typeof step === 'string').join('')
    if (afterInterims(sent).includes('\r\n\r\n')) await this.#heard
    // A socket that is being shut down cannot be reset: Node would leave its descriptor open.
    if (socket.writableEnded) socket.destroy()
    else socket.resetAndDestroy()
  }

  async #send(socket: Socket, text: string): Promise<void> {
    const pieces = this.#pieces === 'whole' ? [text] : text
    for (const piece of pieces) {
      if (socket.destroyed) return
      await new Promise((resolve) => socket.write(piece, 'latin1', resolve))
    }
  }
}

/** Reads requests, with a parser of its own: a head, then a counted or chunked body. */
class RequestReader {
  readonly #asked: (path: string, isWhole: Promise<void>) => void
  #text = ''
  #body: { readonly ends: (text: string) => number; readonly done: () => void } | undefined

  constructor(asked: (path: string, isWhole: Promise<void>) => void) {
    this.#asked = asked
  }

  take(text: string): void {
    this.#text += text
    while (this.#takeBody() && this.#takeHead());
  }

  /** Answers whether a head may follow. */
  #takeBody(): boolean {
    if (this.#body === undefined) return true
    const end = this.#body.ends(this.#text)
    if (end < 0) return false
    this.#text = this.#text.slice(end)
    this.#body.done()
    this.#body = undefined
    return true
  }

  #takeHead(): boolean {
    const end = this.#text.indexOf('\r\n\r\n')
    if (end < 0) return false
    const head = this.#text.slice(0, end)
    this.#text = this.#text.slice(end + 4)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#body = { ends: bodyEnd(head), done: resolve }
    this.#asked(head.split(' ')[1] ?? '', promise)
    return true
  }
}

/** Where in the text the body of this head ends, or -1 if it has not come whole. */
function bodyEnd(head: string): (text: string) => number {
  if (/\r\ntransfer-encoding:/i.test(head)) {
    return (text) => (text.startsWith('0\r\n\r\n') ? 5 : text.indexOf('\r\n0\r\n\r\n') + 7 || -1)
  }
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return (text) => (text.length < length ? -1 : length)
}
