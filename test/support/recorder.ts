import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

import { readStrictly, valuesOf } from './strict-request.ts'
import type { StrictRequest } from './strict-request.ts'

/** What came to a recorder: a request, or octets that cannot be read in exactly one way, with the reason. */
export interface Recording {
  readonly request?: StrictRequest
  readonly fault?: string
  readonly head: string
  /** Of the recorder: which connection brought it. */
  readonly connection: number
}

/**
 * An upstream that notes what it is sent. It answers 200; to a request for `/early…` before its body has come, and to
 * WebSocket for `/tunnel…` with a 101, after which octets are none of its business; before it there must not be any.
 */
export interface Recorder {
  readonly port: number
  readonly recordings: readonly Recording[]
  /** Of the recordings those that are requests. */
  readonly requests: readonly StrictRequest[]
  /** Of the others what is wrong with them. */
  readonly malformed: readonly string[]
  close(): Promise<void>
}

const answerBody = 'recorded\n'
const answerHead = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${answerBody.length}\r\n\r\n`
/** The first ends with the look at sockets that is under way; before the second ends there was one more. */
const turnsBeforeSwitch = 2
const earlyHead = /^[A-Z]+ \/early[^]*?\r\n\r\n/

export async function startRecorder(): Promise<Recorder> {
  const recordings: Recording[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    record(socket, connections++, recordings)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    recordings,
    get requests() {
      return recordings.flatMap(({ request }) => request ?? [])
    },
    get malformed() {
      return recordings.flatMap(({ fault, head }) => (fault === undefined ? [] : `${fault} in ${JSON.stringify(head)}`))
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function record(socket: Socket, connection: number, recordings: Recording[]): void {
  let held = ''
  let answered = false
  let switching = false
  const noteFault = (fault: string, head: string): void => {
    recordings.push({ fault, head, connection })
    socket.destroy()
  }
  /** Not before the octets that were sent with the request, or right after it, must have come. */
  const switchOver = async (request: StrictRequest): Promise<void> => {
    switching = true
    for (let turns = 0; turns < turnsBeforeSwitch; turns++) await turn()
    if (held !== '') noteFault('octets before the 101', held)
    else socket.off('data', take).write(printSwitch(request))
  }
  const take = (text: string): void => {
    held += text
    if (switching) return
    for (let read = readStrictly(held); read !== undefined; read = readStrictly(held)) {
      if ('fault' in read) return noteFault(read.fault, read.head)
      recordings.push({ request: read, head: read.head, connection })
      held = held.slice(read.length)
      if (isTunnel(read)) return void switchOver(read)
      if (!answered) socket.write(read.method === 'HEAD' ? answerHead : answerHead + answerBody)
      answered = false
    }
    if (answered || !earlyHead.test(held)) return
    answered = true
    socket.write(answerHead + answerBody)
  }
  socket.setEncoding('latin1').on('data', take)
}

function isTunnel({ target, fields }: StrictRequest): boolean {
  return target.startsWith('/tunnel') && valuesOf(fields, 'upgrade').includes('websocket')
}

/** RFC 6455 4.2.2. */
function printSwitch({ fields }: StrictRequest): string {
  const [key = ''] = valuesOf(fields, 'sec-websocket-key')
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
}
