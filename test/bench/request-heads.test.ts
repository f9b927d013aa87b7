import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeRequestHeads } from './request-heads.ts'

const options = { hosts: ['a.example', 'b.example'], count: 500, size: 1_024 }

test('no two heads are alike, every host has its turn, and every run sees the same', () => {
  const heads = makeRequestHeads(options)
  assert.equal(new Set(heads).size, 500)
  for (const host of options.hosts) assert.equal(heads.filter((head) => head.includes(`Host: ${host}\r\n`)).length, 250)
  assert.deepEqual(makeRequestHeads(options), heads)
})

test('the first number of each target is the size that the back end answers', () => {
  for (const head of makeRequestHeads(options)) assert.equal(/\d+/.exec(head)?.[0], '1024')
})
