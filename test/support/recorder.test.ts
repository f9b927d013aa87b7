import assert from 'node:assert/strict'
import { test } from 'node:test'

import { RawClient } from './raw-client.ts'
import { startRecorder } from './recorder.ts'

const tunnel =
  'GET /tunnel HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\n\r\n'

test('octets that come before the 101 are a fault, also those that come a little later than the request', async (t) => {
  const recorder = await startRecorder()
  t.after(() => recorder.close())
  const together = await RawClient.connect(recorder.port)
  together.send(`${tunnel}early`)
  assert.equal(await together.ended(), '')
  const apart = await RawClient.connect(recorder.port)
  apart.send(tunnel)
  apart.send('early')
  assert.equal(await apart.ended(), '')
  assert.deepEqual(recorder.malformed, Array(2).fill('octets before the 101 in "early"'))
  assert.equal(recorder.requests.length, 2)
})

test('octets that come after it are not', async (t) => {
  const recorder = await startRecorder()
  t.after(() => recorder.close())
  const client = await RawClient.connect(recorder.port)
  client.send(tunnel)
  await client.until('HTTP/1.1 101 ')
  client.send('GET / HTTP/1.1\n\n')
  client.socket.end()
  await client.ended()
  assert.deepEqual(recorder.malformed, [])
})
