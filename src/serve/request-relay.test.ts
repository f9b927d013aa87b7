import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeExchanges } from '../../test/support/fake-exchange.ts'
import { RequestRelay } from './request-relay.ts'

test('a body is too large by its first octet beyond the limit, whatever the pieces', () => {
  for (const pieces of [['abcd', 'e'], ['abcde'], ['a', 'b', 'c', 'd', 'e']]) {
    const heard: string[] = []
    const relay = new RequestRelay(new FakeExchanges().open({ method: 'PUT', length: 9 }), {
      repeatable: true,
      limit: 4,
      tooLarge: () => heard.push('too large'),
    })
    for (const [at, piece] of pieces.entries()) {
      assert.deepEqual(heard, [])
      assert.equal(relay.data(Buffer.from(piece), 0, piece.length), true, `piece ${at}`)
    }
    assert.deepEqual(heard, ['too large'])
  }
})
