import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import { Pacemaker } from './pacemaker.ts'

/** Connections a source address of this machine: far below what a port range holds. */
const mostOfAddress = 5_000
/** That are made at the same time. */
const atOnce = 100
/** Octets that are written at once. */
const piece = 64 * 1024
/** Of what comes, so much is kept: enough for a small answer. */
const mostKept = 512

/** `handshake`: the port of TLS, and what is said there are the octets of a handshake. */
export type Door = 'http' | 'tls' | 'handshake'

/** What each connection does. */
export interface Attack {
  /** What it says at once. */
  readonly text: string
  /** What it says then, an octet at a time. After that it says nothing more. */
  readonly trickle?: string
  /** By which it comes; `http` if nothing is said. */
  readonly door?: Door
  /** It takes nothing, or little at a time, of what comes. */
  readonly reads?: 'nothing' | 'slowly'
}

interface Ports {
  readonly httpPort: number
  readonly httpsPort: number
}

/** Connections that all do the same. */
export class Attackers {
  readonly #ports: Ports
  readonly #attack: Attack
  /** Its text, of which nobody makes a copy. */
  readonly #octets: Buffer
  readonly #sockets: Socket[] = []
  /** Those beneath them; the same ones where there is no TLS. */
  readonly #raw: Socket[] = []
  readonly #pacemaker: Pacemaker
  /** Milliseconds from its begin to the end of each connection that has ended. */
  readonly lifetimes: number[] = []
  /** The beginning of what came to each that got something. */
  readonly heard: Map<Socket, string> = new Map()
  #changed: () => void = () => undefined

  /** `pace`: milliseconds between two octets, or two reads, of one that is slow. */
  constructor(ports: Ports, attack: Attack, pace: number) {
    this.#ports = ports
    this.#attack = attack
    this.#octets = Buffer.from(attack.text, 'latin1')
    this.#pacemaker = new Pacemaker(pace)
  }

  /** Resolves when all have connected, if they could, and said as much of their text as is taken. */
  async connect(count: number): Promise<void> {
    const opened: Promise<unknown>[] = []
    for (let index = 0; index < count; index++) {
      opened.push(this.#openOne(`127.0.0.${1 + Math.floor(index / mostOfAddress)}`))
      if (index % atOnce === atOnce - 1) await Promise.all(opened.splice(0))
    }
    await Promise.all(opened)
  }

  get open(): number {
    return this.#sockets.filter((socket) => !socket.destroyed).length
  }

  /** How many of them heard what fits. */
  howMany(fits: RegExp): number {
    return [...this.heard.values()].filter((text) => fits.test(text)).length
  }

  /** Resolves when the peer has ended all of them. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => this.lifetimes.length === this.#sockets.length && resolve()
      this.#changed()
    })
  }

  /** From now on they take all that comes, so that they learn whether they have been ended. */
  readOn(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('data').resume()
  }

  /** All are reset: who ends his side alone may wait for an answer still. */
  leave(): void {
    this.#pacemaker.stop()
    for (const socket of this.#raw) if (!socket.destroyed) socket.resetAndDestroy()
    for (const socket of this.#sockets) socket.destroy()
  }

  async #openOne(localAddress: string): Promise<void> {
    const begun = performance.now()
    const socket = this.#enter(localAddress)
    this.#sockets.push(socket)
    socket.on('data', (bytes: Buffer) => this.#hear(socket, bytes))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.lifetimes.push(performance.now() - begun)
      this.#changed()
    })
    const ready = this.#attack.door === 'tls' ? 'secureConnect' : 'connect'
    await Promise.race([once(socket, ready), once(socket, 'close')])
    if (this.#attack.reads === 'nothing') socket.pause()
    this.#say(socket, 0)
  }

  #enter(localAddress: string): Socket {
    const { httpPort, httpsPort } = this.#ports
    const { door = 'http' } = this.#attack
    const port = door === 'http' ? httpPort : httpsPort
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true })
    this.#raw.push(socket)
    if (door !== 'tls') return socket
    return connectTls({ socket, servername: 'bad.test', rejectUnauthorized: false })
  }

  #say(socket: Socket, from: number): void {
    let at = from
    while (at < this.#octets.length) {
      const more = socket.write(this.#octets.subarray(at, at + piece))
      at += piece
      if (!more) return void socket.once('drain', () => this.#say(socket, at))
    }
    this.#pacemaker.trickle(socket, this.#attack.trickle ?? '')
  }

  #hear(socket: Socket, bytes: Buffer): void {
    const before = this.heard.get(socket) ?? ''
    if (before.length < mostKept) this.heard.set(socket, before + bytes.toString('latin1', 0, mostKept))
    if (this.#attack.reads === 'slowly') this.#readLater(socket)
  }

  #readLater(socket: Socket): void {
    socket.pause()
    this.#pacemaker.repeat(() => {
      socket.resume()
      return false
    })
  }
}
