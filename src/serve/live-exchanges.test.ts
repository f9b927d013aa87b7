import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { LiveExchanges } from './live-exchanges.ts'

test('what was added and not removed is there, in whatever order it came and went', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 })), (moves) => {
      const live = new LiveExchanges()
      const destroyed: number[] = []
      const exchanges = Array.from({ length: 10 }, (_, number) => ({
        place: -1,
        destroy: () => destroyed.push(number),
      }))
      const there = new Set<number>()
      for (const number of moves) {
        const exchange = exchanges[number]
        assert.ok(exchange)
        if (there.delete(number)) live.remove(exchange)
        else {
          there.add(number)
          live.add(exchange)
        }
      }
      assert.equal(live.size, there.size)
      live.destroy()
      assert.deepEqual(new Set(destroyed), there)
    }),
    { seed: 20_261_126 },
  )
})
