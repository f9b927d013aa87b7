import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

import { Pacemaker } from './pacemaker.ts'

/** Octets that are sent at a time. */
const block = Buffer.alloc(64 * 1024, 'x')
const endless = `HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n`
/** The body of `/slow-body`. */
export const slowBody: string = 'an octet at a time '.repeat(4)
/** What `/whole` answers. */
export const wholeBody = 'it was whole'
const whole = `HTTP/1.1 200 OK\r\nContent-Length: ${wholeBody.length}\r\n\r\n${wholeBody}`
const page = `HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n${'x'.repeat(50_000)}`
const slowHead = `HTTP/1.1 200 OK\r\nContent-Length: ${slowBody.length}\r\nA: ${'b'.repeat(100)}\r\n\r\n`

/**
 * Takes requests and does badly: `/silent` never answers, `/deaf` reads no body, `/endless` answers with 1 GB, `/both` reads no
 * body and answers with 1 GB, `/slow-body` and `/slow-head` answer an octet at a time. Two are not bad: `/whole`
 * answers when it has a whole body, which ends with `!`, and `/page` at once, with 50 KB.
 */
export class BadUpstream {
  /** Octets of endless answers, and of pages, that could be handed over so far. */
  sent = 0
  /** Milliseconds from its begin to the end of each endless answer that has ended. */
  readonly lifetimes: number[] = []
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  readonly #pacemaker: Pacemaker

  /** `pace`: milliseconds from one octet to the next. */
  constructor(pace: number) {
    this.#pacemaker = new Pacemaker(pace)
  }

  async listen(): Promise<number> {
    this.#server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#pacemaker.stop()
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.once('data', (head) => {
      const path = head.toString('latin1').split(' ')[1] ?? ''
      if (path === '/deaf' || path === '/both') socket.pause()
      if (path === '/endless' || path === '/both') this.#stream(socket)
      if (path === '/whole') answerWhole(socket)
      if (path === '/page') this.#answerPages(socket)
      if (path === '/slow-head') this.#pacemaker.trickle(socket, slowHead + slowBody)
      if (path === '/slow-body') socket.write(slowHead, () => this.#pacemaker.trickle(socket, slowBody))
    })
  }

  /** The request that came, and each that follows on the connection. */
  #answerPages(socket: Socket): void {
    const answer = (): void => {
      this.sent += page.length
      socket.write(page)
    }
    socket.on('data', answer)
    answer()
  }

  #stream(socket: Socket): void {
    const begun = performance.now()
    socket.on('close', () => this.lifetimes.push(performance.now() - begun))
    socket.write(endless)
    const more = (): void => {
      do this.sent += block.length
      while (socket.write(block))
    }
    socket.on('drain', more)
    more()
  }
}

/** A counted body ends with its last octet, a chunked one with an empty chunk. */
function answerWhole(socket: Socket): void {
  let tail = ''
  socket.on('data', (bytes) => {
    tail = (tail + bytes.toString('latin1')).slice(-'!\r\n0\r\n\r\n'.length)
    if (tail.endsWith('!') || tail === '!\r\n0\r\n\r\n') socket.write(whole)
  })
}
