import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'

import { makeTestCertificate } from '../../support/certificates.ts'
import { CountingProxy } from './counting-proxy.ts'
import { untilTrue } from './until.ts'

const request = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'

test('each request counts, and a connection without one', async (t) => {
  const { chain, key } = await makeTestCertificate('server', ['127.0.0.1'])
  const server = createServer({ cert: chain, key }, (_, response) => response.end('here'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const proxy = new CountingProxy((server.address() as AddressInfo).port, chain)
  await proxy.open()
  t.after(() => proxy.close())
  const port = Number(new URL(proxy.url).port)
  const first = connect(port, '127.0.0.1')
  for (let asked = 1; asked <= 3; asked++) {
    await ask(first)
    assert.equal(proxy.times.length, asked)
  }
  first.destroy()
  const second = connect(port, '127.0.0.1')
  await ask(second)
  assert.equal(proxy.times.length, 4)
  second.destroy()
  const silent = connect(port, '127.0.0.1', () => silent.destroy())
  await untilTrue('the silent one is counted', () => Promise.resolve(proxy.times.length === 5))
})

async function ask(socket: Socket): Promise<void> {
  socket.write(request)
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 200 /)
}
