import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { request as requestOverTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'

import { startLintel } from '../../support/lintel.ts'
import type { Lintel } from '../../support/lintel.ts'
import { makeManifestFolder, printIngress } from '../../support/manifests.ts'
import { factsOf } from '../../support/process-facts.ts'
import type { Course, Findings } from './findings.ts'

const mebibyte = 1024 * 1024
/** What a worker may take more than before, however large the bodies are. */
const mostGrowth = 96 * mebibyte
/** No power of two, so that octets that are lost, doubled or swapped show in the checksum. */
const piece = Buffer.from(Array.from({ length: 1_000_003 }, (_, at) => (at * 2_654_435_761) >>> 24))

interface Sum {
  octets: number
  checksum: number
}

/** Bodies of so many octets to an upstream and back, plain and over TLS: all octets arrive, in constant memory. */
export async function passLargeBodies({ after }: Pick<Course, 'after'>, octets: number): Promise<Findings> {
  const expected = sumOf(octets)
  const { lintel, workers } = await start(after)
  const faults: string[] = []
  const check = (what: string, sum: Sum): void => {
    if (sum.octets !== octets || sum.checksum !== expected.checksum)
      faults.push(
        `${what}: ${sum.octets} octets with checksum ${sum.checksum}, not ${octets} with ${expected.checksum}`,
      )
  }
  await upload(lintel, 4 * mebibyte)
  const before = workers.map((pid) => factsOf(pid).resident)
  const begun = performance.now()
  for (const secure of [false, true]) {
    check(`upload${secure ? ' over TLS' : ''}`, await upload(lintel, octets, secure))
    check(`download${secure ? ' over TLS' : ''}`, await download(lintel, octets, secure))
  }
  const seconds = (performance.now() - begun) / 1_000
  const growth = Math.max(...workers.map((pid, at) => factsOf(pid).peak - (before[at] ?? 0)))
  if (growth > mostGrowth) faults.push(`a worker grew by ${Math.round(growth / mebibyte)} MiB`)
  return {
    figures: [
      { name: 'octets each way, plain and over TLS', value: octets / mebibyte, unit: 'MiB' },
      { name: 'growth of the worker at its peak', value: growth / mebibyte, unit: 'MiB' },
      { name: 'throughput', value: (4 * octets) / mebibyte / seconds, unit: 'MiB/s' },
    ],
    faults,
  }
}

async function start(
  after: Course['after'],
): Promise<{ readonly lintel: Lintel; readonly workers: readonly number[] }> {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const folder = makeManifestFolder()
  after(() => folder.remove())
  folder.write('large.yaml', printIngress('large', [{ host: 'large.test', service: 'large' }]))
  const backend = `large:80=127.0.0.1:${(server.address() as AddressInfo).port}`
  const lintel = await startLintel(['--workers', '1', '--backend', backend, folder.path])
  after(() => lintel.stop('SIGKILL'))
  return { lintel, workers: lintel.pids('lintel: worker 1') }
}

/** To PUT: the sum of the body. To GET: a body of the length that the path names, chunked if it says so. */
const answer: RequestListener = (asked, response) => {
  void (asked.method === 'PUT' ? answerSum(asked, response) : answerPieces(asked, response))
}

async function answerSum(asked: IncomingMessage, response: ServerResponse): Promise<void> {
  response.end(JSON.stringify(await sumUp(asked)))
}

async function answerPieces(asked: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, length, form] = (asked.url ?? '').split('/')
  const octets = Number(length)
  if (form !== 'chunked') response.setHeader('Content-Length', octets)
  await pipeline(Readable.from(pieces(octets)), response)
}

async function upload(lintel: Lintel, octets: number, secure = false): Promise<Sum> {
  const sent = ask(lintel, { method: 'PUT', path: '/', secure })
  if (secure) sent.setHeader('Content-Length', octets)
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  await pipeline(Readable.from(pieces(octets)), sent)
  const [response] = await answered
  return JSON.parse(Buffer.concat(await response.toArray()).toString()) as Sum
}

async function download(lintel: Lintel, octets: number, secure: boolean): Promise<Sum> {
  const sent = ask(lintel, { method: 'GET', path: `/${octets}/${secure ? 'counted' : 'chunked'}`, secure })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return sumUp(response)
}

function ask(
  { httpPort, httpsPort }: Lintel,
  { secure, ...asked }: { readonly method: string; readonly path: string; readonly secure: boolean },
): ReturnType<typeof request> {
  const options = { host: '127.0.0.1', headers: { Host: 'large.test' }, agent: false as const, ...asked }
  return secure
    ? requestOverTls({ ...options, port: httpsPort, servername: 'large.test', rejectUnauthorized: false })
    : request({ ...options, port: httpPort })
}

function* pieces(octets: number): Generator<Buffer> {
  for (let left = octets; left > 0; left -= piece.length) yield left < piece.length ? piece.subarray(0, left) : piece
}

function sumOf(octets: number): Sum {
  const sum = { octets: 0, checksum: 0 }
  for (const bytes of pieces(octets)) add(sum, bytes)
  return sum
}

async function sumUp(body: IncomingMessage): Promise<Sum> {
  const sum = { octets: 0, checksum: 0 }
  body.on('data', (bytes: Buffer) => add(sum, bytes))
  await once(body, 'close')
  return sum
}

function add(sum: Sum, bytes: Buffer): void {
  sum.octets += bytes.length
  sum.checksum = crc32(bytes, sum.checksum)
}
