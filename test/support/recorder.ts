import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/**
 * An upstream that notes every request octet by octet, and judges it by a parser of its own: nothing here comes from
 * the program under test. A request that it cannot read in exactly one way is noted as `malformed`.
 */
export interface Recording {
  /** The head with its blank line, latin1. */
  readonly head: string
  /** The body, unchunked, latin1. */
  readonly body: string
}

export interface Recorder {
  readonly port: number
  readonly requests: readonly Recording[]
  /** What could not be read in one way only, with the reason. */
  readonly malformed: readonly string[]
  /** Resolves when `count` requests have been recorded. */
  recorded(count: number): Promise<void>
  close(): Promise<void>
}

const answerBody = 'recorded\n'
const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${answerBody.length}\r\n\r\n`

export async function startRecorder(): Promise<Recorder> {
  const requests: Recording[] = []
  const malformed: string[] = []
  const waiting = new Set<() => void>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let held = ''
    socket.setEncoding('latin1')
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (text: string) => {
      held += text
      for (let taken = takeRequest(held); taken !== undefined; taken = takeRequest(held)) {
        if ('fault' in taken) {
          malformed.push(taken.fault)
          socket.destroy()
          return
        }
        held = held.slice(taken.length)
        requests.push(taken)
        socket.write(taken.head.startsWith('HEAD ') ? answer : answer + answerBody, 'latin1')
        for (const check of waiting) check()
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    malformed,
    recorded: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests.length < count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

type Taken = (Recording & { readonly length: number }) | { readonly fault: string } | undefined

function takeRequest(held: string): Taken {
  const end = held.indexOf('\r\n\r\n')
  if (end < 0) return /[^\r]\n/.test(held) ? { fault: 'a bare LF' } : undefined
  const head = held.slice(0, end + 4)
  const lines = head.slice(0, -4).split('\r\n')
  const fault = faultOf(lines)
  if (fault !== undefined) return { fault: `${fault}: ${JSON.stringify(head)}` }
  const chunks = fieldsOf(lines, 'transfer-encoding')
  const rest = held.slice(head.length)
  if (chunks.length > 0) return takeChunked(head, rest)
  const length = Number(fieldsOf(lines, 'content-length')[0] ?? 0)
  return rest.length < length ? undefined : { head, body: rest.slice(0, length), length: head.length + length }
}

function faultOf(lines: readonly string[]): string | undefined {
  if (!/^[!#$%&'*+.^_`|~\dA-Za-z-]+ [\x21-\x22\x24-\x7e]+ HTTP\/1\.1$/.test(lines[0] ?? '')) return 'a bad request line'
  for (const line of lines.slice(1)) {
    if (!/^[!#$%&'*+.^_`|~\dA-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/.test(line)) return 'a bad field line'
  }
  const lengths = fieldsOf(lines, 'content-length')
  const codings = fieldsOf(lines, 'transfer-encoding')
  if (fieldsOf(lines, 'host').length !== 1) return 'not one Host'
  if (lengths.length + codings.length > 1) return 'more than one framing'
  if (lengths.some((value) => !/^(0|[1-9]\d*)$/.test(value))) return 'a bad Content-Length'
  if (codings.some((value) => value !== 'chunked')) return 'a bad Transfer-Encoding'
  return undefined
}

function fieldsOf(lines: readonly string[], name: string): string[] {
  return lines
    .slice(1)
    .filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name)
    .map((line) => line.slice(line.indexOf(':') + 1).trim())
}

function takeChunked(head: string, rest: string): Taken {
  let body = ''
  let at = 0
  for (;;) {
    const end = rest.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = rest.slice(at, end)
    if (!/^[\da-f]{1,8}$/i.test(size)) return { fault: `a bad chunk size: ${JSON.stringify(size)}` }
    const length = Number.parseInt(size, 16)
    if (length === 0) return takeTrailers(head, body, rest, end + 2)
    if (rest.length < end + 2 + length + 2) return undefined
    body += rest.slice(end + 2, end + 2 + length)
    at = end + 2 + length
    if (rest.slice(at, at + 2) !== '\r\n') return { fault: 'no CRLF after a chunk' }
    at += 2
  }
}

function takeTrailers(head: string, body: string, rest: string, from: number): Taken {
  if (rest.startsWith('\r\n', from)) return { head, body, length: head.length + from + 2 }
  const end = rest.indexOf('\r\n\r\n', from)
  return end < 0 ? undefined : { head, body, length: head.length + end + 4 }
}
