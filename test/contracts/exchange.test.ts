import assert from 'node:assert/strict'
import { test } from 'node:test'

import { chunked } from '../../src/http/index.ts'
import { deaf, reply, responseHead } from '../support/client-side.ts'
import { FakeExchanges } from '../support/fake-exchange.ts'
import { startHttp1Carrier } from '../support/http1-carrier.ts'
import { holdToExchangeContract } from './exchange.ts'

holdToExchangeContract('HTTP/1.1', () => startHttp1Carrier())
holdToExchangeContract('HTTP/1.1 on public API of Node alone', () => startHttp1Carrier(true))
holdToExchangeContract('in memory', () => Promise.resolve(new FakeExchanges()))

test('in memory: exchanges go on beside one whose client takes nothing', async () => {
  const carrier = new FakeExchanges()
  const stalled = carrier.open({})
  const other = carrier.open({})
  stalled.attach(deaf)
  stalled.peer.pause()
  stalled.writeHead(responseHead(200, chunked))
  assert.equal(stalled.writeBody(Buffer.alloc(100_000), 0, 100_000), false)
  reply(other, 'hello')
  assert.equal((await other.peer.until(({ state }) => state === 'complete')).body, 'hello')
  assert.equal(stalled.peer.answer.body, '')
})
