import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { connect } from 'node:tls'

import { makeTestCertificate, tlsTable } from '../../test/support/certificates.ts'
import { startClientSide } from '../../test/support/client-side.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { RawClient } from '../../test/support/raw-client.ts'
import { Deadlines } from '../base/index.ts'
import { ResponseScanner } from '../http/index.ts'
import { Chains, middlewares } from '../middleware/index.ts'
import { defaultSettings as settings } from '../model/index.ts'
import { RouterBuilder, UpstreamHeadPrinter } from '../route/index.ts'
import { RoundRobin } from './balance/index.ts'
import { Counts } from './counts.ts'
import { DescriptorBudget } from './descriptor-budget.ts'
import { Proxy } from './proxy.ts'
import { ReadBuffers } from './read-buffers.ts'
import { RetryBudget } from './retry-budget.ts'
import { TlsContexts } from './tls-contexts.ts'
import { UpstreamPools } from './upstream-pools.ts'

const certificate = await makeTestCertificate('any', ['any.test'])
const table = tlsTable(
  [certificate],
  {
    'a.test': ['any'],
    'other.test': ['any'],
    'mutual.test': { certificates: ['any'], policy: 'mutual' },
    '*.wild.test': { certificates: ['any'], policy: 'mutual' },
    'strict.test': { certificates: ['any'], policy: 'strict' },
  },
  ['any'],
)

/** Nothing is routed by this table: a request that may be served at all gets 404. */
function createProxy(): Proxy {
  const clock = new FakeClock()
  const deadlines = new Deadlines(clock)
  const scanner = new ResponseScanner({ requestLine: 1_024, head: 1_024, fields: 16 })
  const serving = { router: new RouterBuilder().build(table), backends: new Map() }
  return new Proxy({
    serving: () => serving,
    pools: new UpstreamPools({
      settings,
      clock,
      deadlines,
      scanner,
      readBuffers: new ReadBuffers(),
      descriptors: new DescriptorBudget(Infinity, clock),
    }),
    balancer: new RoundRobin(),
    budget: new RetryBudget(),
    chains: new Chains(middlewares),
    heads: new UpstreamHeadPrinter(settings),
    deadlines,
    settings,
    clock,
    counts: new Counts(),
    log: () => undefined,
  })
}

const policies: Readonly<Record<string, string>> = {
  '': 'default',
  'a.test': 'default',
  'other.test': 'default',
  'unknown.test': 'default',
  'mutual.test': 'mutual',
  'x.wild.test': 'mutual',
  'Y.Wild.Test': 'mutual',
  'strict.test': 'strict',
}

for (const [sni, policy] of Object.entries(policies)) {
  test(`under the name '${sni}' only hosts of the policy ${policy} are served, whatever was asked for before`, async (t) => {
    const contexts = new TlsContexts()
    contexts.use(table)
    const proxy = createProxy()
    const side = await startClientSide((exchange) => proxy.handle(exchange), { tls: contexts })
    t.after(() => side.close())
    const socket = connect({ port: side.port, host: '127.0.0.1', servername: sni, rejectUnauthorized: false })
    t.after(() => socket.destroy())
    await once(socket, 'secureConnect')
    const client = new RawClient(socket)
    for (const [host, wanted] of Object.entries(policies)) {
      client.received = ''
      client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      const answer = await client.until('\n\r\n')
      assert.match(answer, wanted === policy ? /^HTTP\/1\.1 404 / : /^HTTP\/1\.1 421 /, `Host: ${host}`)
      await client.until((received) => /[\da-f]{32}\n$/.test(received))
    }
  })
}

test('without TLS there is no policy that a request could miss', async (t) => {
  const proxy = createProxy()
  const side = await startClientSide((exchange) => proxy.handle(exchange))
  t.after(() => side.close())
  const client = await side.connect()
  client.send('GET / HTTP/1.1\r\nHost: mutual.test\r\n\r\n')
  assert.match(await client.until('NoRoute'), /^HTTP\/1\.1 404 /)
})
