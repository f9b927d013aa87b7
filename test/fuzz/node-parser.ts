import { createServer, request } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { duplexPair } from 'node:stream'
import type { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'

/** A message as Node's own parser read it. */
export interface NodeMessage {
  /** Method and target, or status and phrase. */
  readonly start: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  body: string
  complete: boolean
}

export interface NodeReading {
  readonly messages: readonly NodeMessage[]
  /** The code of the error, if there was one. */
  readonly refusal: string | undefined
}

/** That the octets ended is no fault of theirs: a reader that is given a part of a message waits for the rest. */
const endings: ReadonlySet<string> = new Set(['HPE_INVALID_EOF_STATE', 'ECONNRESET'])

function note(message: IncomingMessage, start: string): NodeMessage {
  const raw = message.rawHeaders
  const fields = Array.from({ length: raw.length / 2 }, (_, at) => [raw[2 * at] ?? '', raw[2 * at + 1] ?? ''] as const)
  const noted: NodeMessage = { start, fields, body: '', complete: false }
  message.setEncoding('latin1')
  message.on('data', (text: string) => (noted.body += text))
  message.on('end', () => (noted.complete = message.complete))
  message.on('error', () => undefined)
  return noted
}

function codeOf(error: Error): string | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message
  return endings.has(code) ? undefined : code
}

/** A server of `node:http` with its defaults, which is handed octets on connections that are pairs of streams. */
export class NodeServer {
  readonly #server: Server
  readonly #readings = new WeakMap<Duplex, { messages: NodeMessage[]; refusal: string | undefined }>()

  constructor() {
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (message, answer) => {
      this.#readings.get(message.socket)?.messages.push(note(message, `${message.method ?? ''} ${message.url ?? ''}`))
      answer.on('error', () => undefined)
      message.on('end', () => answer.end())
    })
    this.#server.on('clientError', (error, socket) => {
      const reading = this.#readings.get(socket)
      if (reading !== undefined) reading.refusal = codeOf(error)
      socket.destroy()
    })
  }

  /** `cuts`: places at which the octets are cut, and before which Node is given time to hand on what it read. */
  async read(bytes: Buffer, cuts: readonly number[]): Promise<NodeReading> {
    const [client, socket] = duplexPair()
    const reading: { messages: NodeMessage[]; refusal: string | undefined } = { messages: [], refusal: undefined }
    this.#readings.set(socket, reading)
    this.#server.emit('connection', socket)
    await closing(socket, client, piecesOf(bytes, cuts))
    return reading
  }
}

function piecesOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  return [...cuts, bytes.length].map((to, at) => bytes.subarray(cuts[at - 1] ?? 0, to))
}

/** Sends the octets and the end, and waits until the reader has closed. */
async function closing(reader: Duplex, writer: Duplex, pieces: readonly Buffer[]): Promise<void> {
  for (const side of [reader, writer]) side.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => reader.once('close', resolve))
  writer.resume()
  for (const piece of pieces) {
    writer.write(piece)
    // oxlint-disable-next-line no-await-in-loop -- the next piece is to come later
    await turn()
  }
  writer.end()
  await closed
  writer.destroy()
}

/** What a client of `node:http` makes of an answer. */
export async function readAnswerWithNode(bytes: Buffer, cuts: readonly number[], method: string): Promise<NodeReading> {
  const [client, server] = duplexPair()
  const messages: NodeMessage[] = []
  let refusal: string | undefined
  const asking = request({ createConnection: () => client, method, host: 'a.test' })
  asking.on('response', (message) => {
    messages.push(note(message, `${message.statusCode ?? ''} ${message.statusMessage ?? ''}`))
  })
  asking.on('error', (error) => (refusal = codeOf(error)))
  asking.on('upgrade', (_, socket) => {
    refusal = 'upgrade'
    socket.destroy()
  })
  asking.end()
  await closing(client, server, piecesOf(bytes, cuts))
  return { messages, refusal }
}
