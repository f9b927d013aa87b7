import assert from 'node:assert/strict'
import { test } from 'node:test'

import { reply, startClientSide } from '../../test/support/client-side.ts'
import { FakeExchanges } from '../../test/support/fake-exchange.ts'
import { answerReasons } from '../model/index.ts'
import type { AnswerReason } from '../model/index.ts'
import { answerExchange } from './own-answer.ts'

const request = (method: string, fields = ''): string => `${method} / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`

test('an answer of our own says status, reason word and request id, under a head that is wholly ours', async (t) => {
  const side = await startClientSide((exchange) => {
    exchange.attach({ drained: () => undefined, cancelled: () => undefined })
    answerExchange(exchange, { reason: 'NoRoute', fields: [['X-Further', 'yes']] }, 'lintel')
  })
  t.after(() => side.close())
  const client = await side.connect()
  client.send(request('GET', 'X-Request-ID: abc\r\n'))
  assert.equal(
    await client.until('abc\n'),
    'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nX-Further: yes\r\nContent-Length: 16\r\n' +
      'Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: lintel\r\n\r\n404 NoRoute abc\n',
  )
})

test('to HEAD it has the same head and no body, and the connection goes on', async (t) => {
  const side = await startClientSide((exchange) =>
    exchange.request.method === 'HEAD'
      ? answerExchange(exchange, { reason: 'NoRoute' }, undefined)
      : reply(exchange, 'next'),
  )
  t.after(() => side.close())
  const client = await side.connect()
  client.send(request('HEAD', 'X-Request-ID: abc\r\n') + request('GET'))
  const received = await client.until('next')
  assert.match(
    received,
    /^HTTP\/1\.1 404 Not Found\r\nContent-Type: text\/plain\r\nContent-Length: 16\r\nDate: [^\r]*\r\n\r\nHTTP/,
  )
})

test('every reason has a phrase of its status', async () => {
  const never = new Set<AnswerReason>(['ClientGone', 'UpstreamAborted'])
  for (const [reason, status] of Object.entries(answerReasons) as [AnswerReason, number][]) {
    if (never.has(reason)) continue
    const exchange = new FakeExchanges().open({})
    let phrase = ''
    answerExchange(exchange, { reason }, 'lintel', (head) => {
      phrase = head.phrase
      return head
    })
    const seen = await exchange.peer.until(({ state }) => state === 'complete')
    assert.notEqual(phrase, '', `${status} ${reason}`)
    assert.deepEqual([seen.status, seen.body], [status, `${status} ${reason} ${exchange.requestId}\n`])
  }
})
