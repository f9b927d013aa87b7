import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, suite, test } from 'node:test'
import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'

import { AdmissionServer, Reviewer } from '../../src/admission/index.ts'
import { issueAuthority, issueServerCertificate } from '../../src/certificates/index.ts'
import { bindPort, listenOn } from '../../src/serve/index.ts'
import { printAsked, readResponse, reviewUrl } from '../support/admission.ts'
import { ingresses } from '../support/api-client.ts'
import { RawClient } from '../support/raw-client.ts'

const name = 'lintel-admission.default.svc'
const span = { begin: Date.now() - 3_600_000, end: Date.now() + 3_600_000 }
const authority = await issueAuthority('test', span)
const good = printAsked({ object: { metadata: { name: 'web', namespace: 'shop' } } })
const mebibyte = 1024 * 1024

function head(fields: string, line = `POST ${reviewUrl} HTTP/1.1`): string {
  return `${line}\r\nHost: ${name}\r\n${fields}\r\n\r\n`
}

function posted(body: string, fields = 'Content-Type: application/json'): string {
  return head(`${fields}\r\nContent-Length: ${Buffer.byteLength(body)}`) + body
}

/** Whoever reaches the port can say what they like: each case is an answer, or an end of the connection. */
suite('the admission server, asked by anybody,', { timeout: 60_000 }, () => {
  let server: AdmissionServer
  let port = 0
  const open = new Set<TLSSocket>()
  before(async () => {
    const reviewer = new Reviewer(
      { conflicts: 'warn' },
      { kind: ingresses, examine: () => ({ before: [], after: [] }), failed: (message) => assert.fail(message) },
    )
    server = new AdmissionServer((text) => reviewer.review(text))
    server.show(await issueServerCertificate(authority, [name], span))
    const bound = await bindPort('127.0.0.1', 0)
    port = bound.port
    await server.listen(listenOn(bound, bound.descriptor))
  })
  after(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })

  async function talk(at = port): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port: at, ca: authority.chain, servername: name })
    open.add(socket)
    await once(socket, 'secureConnect')
    return new RawClient(socket)
  }

  async function answerTo(text: string): Promise<string> {
    const client = await talk()
    client.send(text)
    const received = await client.until((all) => all.includes('\r\n\r\n'))
    client.close()
    return received.split('\r\n')[0] ?? ''
  }

  for (const [what, text, status] of [
    ['a review', posted(good), 200],
    ['a review with a charset', posted(good, 'content-type: Application/JSON; charset=utf-8'), 200],
    ['a query, as the API server adds one', posted(good).replace(' HTTP/1.1', '?timeout=3s HTTP/1.1'), 200],
    ['another path', posted(good).replace(reviewUrl, '/'), 404],
    ['another method', head('', `GET ${reviewUrl} HTTP/1.1`), 405],
    ['no type', posted(good, 'X: y'), 415],
    ['a compressed body', posted(good, 'Content-Type: application/json\r\nContent-Encoding: gzip'), 415],
    ['another type', posted(good, 'Content-Type: text/plain'), 415],
    ['no body', posted(''), 400],
    ['no JSON', posted('{'), 400],
    ['no UTF-8', posted('x').replace(/x$/, '\u00FF'), 400],
    ['another version', posted(good.replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1')), 400],
    ['deep nesting', posted('['.repeat(mebibyte)), 400],
    ['deep nesting that ends', posted(`${'['.repeat(mebibyte)}${']'.repeat(mebibyte)}`), 400],
    ['many empty maps', posted(`[${'{},'.repeat(600_000)}{}]`), 400],
    ['many numbers', posted(`[${'0,'.repeat(1_200_000)}0]`), 400],
    ['a __proto__', posted(good.replace('"uid"', '"__proto__":{"uid":"x"},"uid"')), 200],
    ['a __proto__ for all of it', posted(`{"__proto__":${good}}`), 400],
    ['a constructor for a name', posted(good.replace('"web"', '"constructor"')), 200],
    ['a key that stands twice, of which the later one counts', posted(good.replace('"uid"', '"uid":5,"uid"')), 200],
    [
      'an announced body that is too large',
      head(`Content-Type: application/json\r\nContent-Length: ${4 * mebibyte}`),
      413,
    ],
    ['two lengths', head('Content-Type: application/json\r\nContent-Length: 1\r\nContent-Length: 2'), 400],
    [
      'length and chunks',
      head('Content-Type: application/json\r\nContent-Length: 1\r\nTransfer-Encoding: chunked'),
      400,
    ],
    ['a head that is too large', head(`X: ${'x'.repeat(20_000)}`), 431],
    ['no HTTP', 'hello\r\n\r\n', 400],
  ] as const)
    test(`${what} is ${status}`, async () => assert.match(await answerTo(text), new RegExp(`^HTTP/1.1 ${status} `)))

  test('who holds connections and says nothing keeps nobody out', async () => {
    const held = await Promise.all(Array.from({ length: 80 }, () => RawClient.connect(port)))
    try {
      assert.match(await answerTo(posted(good)), /^HTTP\/1.1 200 /)
    } finally {
      for (const client of held) client.close()
    }
  })

  test('a review that fails costs its connection and nothing else', async (t) => {
    const failing = new AdmissionServer((text) => {
      if (text.includes('"name":"web"')) throw new Error('a fault of ours')
      return { status: 200, type: 'text/plain', text: 'well' }
    })
    t.after(() => failing.close())
    failing.show(await issueServerCertificate(authority, [name], span))
    const bound = await bindPort('127.0.0.1', 0)
    await failing.listen(listenOn(bound, bound.descriptor))
    const client = await talk(bound.port)
    client.send(posted(good))
    assert.equal(await client.ended(), '')
    const other = await talk(bound.port)
    other.send(posted('{}'))
    await other.until('well')
    other.close()
  })

  test('a body in chunks that grows too large is cut off with 413, whoever sends on', async () => {
    const client = await talk()
    client.send(head('Content-Type: application/json\r\nTransfer-Encoding: chunked'))
    const chunk = `100000\r\n${' '.repeat(mebibyte)}\r\n`
    for (let sent = 0; sent < 5; sent++) client.send(chunk)
    assert.match(await client.ended(), /^HTTP\/1.1 413 /)
  })

  test('of many large bodies at once only as many are held as fit, and the next review is answered', async () => {
    const clients = await Promise.all(Array.from({ length: 16 }, talk))
    const announced = head(`Content-Type: application/json\r\nContent-Length: ${2 * mebibyte}`)
    for (const client of clients) client.send(announced + ' '.repeat(mebibyte + 1))
    await Promise.race(clients.map((client) => client.until('503')))
    const refused = clients.filter(({ received }) => received.startsWith('HTTP/1.1 503 ')).length
    assert.ok(refused >= 1 && refused < 16, `${refused} were refused`)
    for (const client of clients) client.close()
    assert.match(await answerTo(posted(good)), / 200 /)
  })

  test('a connection carries one review after another, and an answer has its own question', async () => {
    const client = await talk()
    for (const uid of ['one', 'two']) client.send(posted(good.replace('u-1', uid)))
    const received = await client.until((all) => all.includes('"two"'))
    const uids = [...received.matchAll(/\{"apiVersion".*\}/g)].map(([text]) => readResponse(text).uid)
    assert.deepEqual(uids, ['one', 'two'])
    client.close()
  })

  test('plain HTTP and an older TLS are no conversation', async () => {
    const plain = await RawClient.connect(port)
    plain.send(posted(good))
    assert.doesNotMatch(await plain.ended(), /200/)
    const old = connect({ host: '127.0.0.1', port, ca: authority.chain, servername: name, maxVersion: 'TLSv1.1' })
    await assert.rejects(once(old, 'secureConnect'))
  })
})
