import assert from 'node:assert/strict'
import { test } from 'node:test'

import { inTurn } from './in-turn.ts'

test('inTurn() begins a call when the one before has ended', async () => {
  const seen: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const call = inTurn(async (name: string) => {
    seen.push(name)
    if (name === 'slow') await promise
    seen.push(`end of ${name}`)
  })
  const both = Promise.all([call('slow'), call('next')])
  await Promise.resolve().then(resolve)
  await both
  assert.deepEqual(seen, ['slow', 'end of slow', 'next', 'end of next'])
})
