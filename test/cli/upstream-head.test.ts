import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'

import fc from 'fast-check'

import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { makeManifestFolder, printIngress } from '../support/manifests.ts'
import { RawClient } from '../support/raw-client.ts'
import { startRecorder } from '../support/recorder.ts'
import { runCli } from '../support/run-cli.ts'

const requests = 400

interface Asked {
  readonly scheme: 'http' | 'https'
  readonly method: string
  readonly host: string
  readonly target: string
  readonly fields: readonly string[]
  readonly body: string
}

const lines = [
  'Accept: */*',
  'accept: text/html',
  'ACCEPT: a, b',
  'Cookie: a=1',
  'Cookie: b=2',
  'User-Agent: test/1.0 (x; y)',
  'X-Request-ID: abc-123',
  'X-Request-ID: not a token',
  'X-Empty:',
  'X-Tabs:\t a \t',
  'X-Octets: \u00E9\u00FF',
  'Range: bytes=0-1',
  'X-Forwarded-For: 8.8.8.8',
  'x_forwarded_for: 8.8.8.8',
  'X.Real.IP: 8.8.8.8',
  'X-Forwarded-Proto: https',
  'Forwarded: for=8.8.8.8',
  'X-Lintel-Hops: 3',
  'Proxy: http://a.test',
  'X_Under: 1',
  'Via: 1.1 a',
  'TE: trailers',
  'TE: gzip',
  'Connection: X-Nominated',
  'X-Nominated: 1',
  'Connection: close',
  'Connection: keep-alive',
  'Keep-Alive: 5',
  'Upgrade: h2c',
  'Upgrade-Insecure-Requests: 1',
  'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'Authorization: Basic YTpi',
  'Expect: 100-continue',
  'Trailer: X-Sum',
]
/** What is refused, most of it. */
const badLines = ['X-Lintel-Hops: 30', 'X-Lintel-Hops: x', 'Transfer-Encoding: gzip', 'Bad Name: 1']
const webSocket = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
]
const framing = fc.constantFrom<{ fields: string[]; body: string }>(
  { fields: [], body: '' },
  { fields: ['Content-Length: 0'], body: '' },
  { fields: ['content-length: 5'], body: 'hello' },
  { fields: ['Transfer-Encoding: chunked'], body: '5\r\nhello\r\n0\r\n\r\n' },
  { fields: webSocket, body: '' },
)
const asked: fc.Arbitrary<Asked> = fc
  .record({
    scheme: fc.constantFrom<'http' | 'https'>('http', 'http', 'https'),
    method: fc.constantFrom(
      'GET',
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      'PROPFIND',
      'TRACE',
      'get',
    ),
    host: fc.constantFrom('a.test', 'A.Test:8080', 'a.test.', 'b.a.test', '10.0.0.1', '[::1]:80', 'a_b'),
    target: fc.constantFrom(
      '/%00',
      '/',
      '/x?y=1&z',
      '/a%2Fb',
      '/a//b',
      '/a/../b',
      '/caf%C3%A9?',
      '/?//x',
      `/${'a'.repeat(3_000)}`,
    ),
    more: fc.array(fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...lines) }, fc.constantFrom(...badLines)), {
      maxLength: 6,
    }),
    frame: framing,
  })
  .map(({ more, frame, ...rest }) => ({ ...rest, fields: [...more, ...frame.fields], body: frame.body }))

interface Told {
  readonly outcome: string
  readonly status?: number
  readonly upstreamHead?: string
}

async function explain({ scheme, method, host, target, fields }: Asked, args: readonly string[]): Promise<Told> {
  const flags = ['--method', method, ...fields.map((field) => `--header=${field}`)]
  const url = `${scheme}://${host}${target}`
  const { code, output, errors } = await runCli(['explain', '-o', 'json', ...flags, url, ...args])
  assert.equal(code, 0, errors)
  return JSON.parse(output) as Told
}

/** The status of the final answer to the octets of a request. */
async function send(
  { scheme, method, host, target, fields, body }: Asked,
  { httpPort, httpsPort }: Lintel,
): Promise<number> {
  const client = scheme === 'http' ? await RawClient.connect(httpPort) : await connectTls(httpsPort)
  const head = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, ...fields].join('\r\n')
  client.send(Buffer.from(`${head}\r\n\r\n${body}`).toString('latin1'))
  const received = await client.until((text) => /^HTTP\/1\.1 [2-5]\d\d /m.test(text))
  client.close()
  return Number(/^HTTP\/1\.1 ([2-5]\d\d) /m.exec(received)?.[1])
}

async function connectTls(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'a.test', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  return new RawClient(socket)
}

test(
  `explain prints the head that the upstream receives, octet for octet: ${requests} requests`,
  { timeout: 120_000 },
  async (t) => {
    const recorder = await startRecorder()
    t.after(() => recorder.close())
    const folder = makeManifestFolder()
    t.after(() => folder.remove())
    folder.write(
      'all.yaml',
      printIngress(
        'all',
        [
          { host: '*.test', service: 'web' },
          { host: 'a.test', service: 'web' },
        ],
        { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
      ),
    )
    const ports = ['--public-http-port', '8080', '--public-https-port', '8443']
    const args = [...ports, '--backend', `web=127.0.0.1:${recorder.port}`, join(folder.path, 'all.yaml')]
    const lintel = await startLintel(['--workers', '1', ...args])
    t.after(() => lintel.stop())
    const seen = new Map<string, number>()
    for (const question of fc.sample(asked, { numRuns: requests, seed: 20_261_126 })) {
      const before = recorder.requests.length
      // oxlint-disable no-await-in-loop -- what the recorder has received belongs to one request
      const { outcome, status, upstreamHead } = await explain(question, ['--sni', 'a.test', ...args])
      const answered = await send(question, lintel)
      // oxlint-enable no-await-in-loop
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      const received = recorder.requests.slice(before).map(({ head }) => head)
      assert.equal(answered, status ?? 200, JSON.stringify(question))
      assert.deepEqual(
        received.map((head) => withoutId(head, upstreamHead)),
        upstreamHead === undefined ? [] : [upstreamHead],
        JSON.stringify(question),
      )
    }
    assert.deepEqual(recorder.malformed, [])
    t.diagnostic([...seen].map(([outcome, count]) => `${count} ${outcome}`).join(', '))
    assert.ok((seen.get('route') ?? 0) > requests / 4 && (seen.get('answer') ?? 0) > requests / 10)
  },
)

/** An id that Lintel made stands as `<generated>`. */
function withoutId(head: string, told: string | undefined): string {
  return told?.includes('X-Request-ID: <generated>\r\n') === true
    ? head.replace(/^X-Request-ID: [\da-f]{32}\r$/m, 'X-Request-ID: <generated>\r')
    : head
}
