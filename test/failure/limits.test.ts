import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { printIngress } from '../support/manifests.ts'
import { RawClient } from '../support/raw-client.ts'

const get = (target: string, fields = ''): string => `GET ${target} HTTP/1.1\r\nHost: a.test\r\n${fields}\r\n`
const post = (fields: string, body: string): string => `POST /x HTTP/1.1\r\nHost: a.test\r\n${fields}\r\n${body}`
const line = 16 * 1024
const head = 64 * 1024
const frame = 'GET  HTTP/1.1\r\n'.length
const hostLine = 'Host: a.test\r\n'.length
/** So many octets of fields, in lines of one KiB, such that the whole head has that length. */
const fieldsFor = (octets: number): string => {
  const left = octets - 'GET / HTTP/1.1\r\n'.length - hostLine - 2
  const lines = Math.floor(left / 1024)
  return `A: ${'b'.repeat(1019)}\r\n`.repeat(lines - 1) + `A: ${'b'.repeat(left - (lines - 1) * 1024 - 5)}\r\n`
}

/** What is sent, and what is answered: by the upstream, or by ourselves with this reason. */
const rows: readonly (readonly [name: string, request: string, status: number, reason?: string])[] = [
  ['a request line of 16 KiB with its end', get(`/${'x'.repeat(line - frame - 1)}`), 200],
  ['a request line of an octet more', get(`/${'x'.repeat(line - frame)}`), 414, 'TargetTooLong'],
  ['a head of 64 KiB', get('/', fieldsFor(head)), 200],
  ['a head of an octet more', get('/', fieldsFor(head + 1)), 431, 'HeadTooLarge'],
  ['128 fields', get('/', 'A: b\r\n'.repeat(127)), 200],
  ['129 fields', get('/', 'A: b\r\n'.repeat(128)), 431, 'HeadTooLarge'],
  ['a body of 1 MiB in dialect ingress-nginx', post('Content-Length: 1048576\r\n', 'b'.repeat(1_048_576)), 200],
  ['a body of an octet more', post('Content-Length: 1048577\r\n', ''), 413, 'BodyTooLarge'],
  [
    'a chunked body of more',
    // To an upstream that does not answer before it has the whole.
    post('Transfer-Encoding: chunked\r\n', `100001\r\n${'b'.repeat(1_048_577)}`).replace('/x', '/silent'),
    413,
    'BodyTooLarge',
  ],
  ['a head that does not end', 'GET / HTTP/1.1\r\nHost:', 408, 'ClientTimeout'],
  ['a body that does not end', get('/silent', 'Content-Length: 9\r\n') + 'abc', 408, 'ClientTimeout'],
  ['ten hops', get('/', 'X-Lintel-Hops: 10\r\n'), 200],
  ['too many hops', get('/', 'X-Lintel-Hops: 11\r\n'), 508, 'LoopDetected'],
  ['CONNECT', 'CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n', 405, 'MethodNotAllowed'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'BadRequest'],
  ['a path that reads in two ways', get('/x/..%2fsecret'), 400, 'AmbiguousPath'],
  ['a host that nobody knows', 'GET / HTTP/1.1\r\nHost: b.test\r\n\r\n', 404, 'NoRoute'],
  ['an upstream that is silent', get('/silent'), 504, 'UpstreamTimeout'],
  ['an upstream head of more than 64 KiB', get('/large-head'), 502, 'UpstreamInvalid'],
  ['an upstream that hangs up', get('/hang-up'), 502, 'UpstreamResetBeforeHead'],
  ['an upstream that is not there', get('/gone'), 502, 'UpstreamConnectFailed'],
  ['a Service without endpoints', get('/none'), 503, 'NoEndpoints'],
]

describe('the limits of a whole Lintel', { concurrency: 4, timeout: 120_000 }, () => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('data', (bytes) => answer(socket, bytes.toString('latin1')))
  })
  let lintel: Lintel | undefined

  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const timeouts = '--client-head-timeout 1s --client-body-timeout 1s --upstream-timeout 2s'
    const backends = `--backend a:80=127.0.0.1:${port} --backend gone:80=127.0.0.1:1`
    lintel = await startLintel(`--workers 1 ${timeouts} ${backends} -`.split(' '), objects())
  })

  after(async () => {
    await lintel?.stop('SIGKILL')
    server.close()
    for (const socket of sockets) socket.destroy()
  })

  for (const [name, request, status, reason] of rows) {
    it(`${name}: ${status} ${reason ?? 'from the upstream'}`, async () => {
      assert.ok(lintel !== undefined)
      const client = await RawClient.connect(lintel.httpPort)
      client.send(request)
      const received = await client.until(reason ?? 'from upstream')
      assert.match(received, new RegExp(`^HTTP/1\\.1 ${status} `))
      if (reason !== undefined) assert.match(received, new RegExp(`\\r\\n\\r\\n${status} ${reason} [0-9a-f]{32}\\n?$`))
      client.close()
      const id = / ([0-9a-f]{32})/.exec(received)?.[1]
      const entry = reason === undefined ? undefined : await lintel.line(({ requestId }) => requestId === id)
      if (entry !== undefined) assert.deepEqual([entry['status'], entry['reason']], [status, reason])
    })
  }
})

/** Reads no body: what a test sends fits into the buffers of the machine. */
function answer(socket: Socket, request: string): void {
  socket.resume()
  const [, target] = request.split(' ')
  if (target === '/silent') return
  if (target === '/hang-up') return void socket.destroy()
  const fields = target === '/large-head' ? `A: ${'b'.repeat(head)}\r\n` : ''
  socket.write(`HTTP/1.1 200 OK\r\n${fields}Connection: close\r\nContent-Length: 13\r\n\r\nfrom upstream`)
}

function objects(): string {
  const paths = [path('/', 'a'), path('/secret', 'none'), path('/gone', 'gone'), path('/none', 'none')]
  const site = JSON.parse(printIngress('a', [])) as { spec: object }
  const spec = { ...site.spec, ingressClassName: 'nginx', rules: [{ host: 'a.test', http: { paths } }] }
  const none = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'none' }, spec: { ports: [{ port: 80 }] } }
  return [{ ...site, spec }, none].map((object) => JSON.stringify(object)).join('\n---\n')
}

function path(at: string, name: string): object {
  return { path: at, pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } }
}
