import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judge } from '../soak/judge.ts'
import { judgeMemory } from './memory-of-each.ts'

const kibibyte = 1024
const before = { used: 1_000, resident: 5_000 }

function judged(used: number, resident: number): ReturnType<typeof judgeMemory> {
  const beside = { used: before.used + 100 * used * kibibyte, resident: before.resident + 100 * resident * kibibyte }
  return judgeMemory('a head', { before, beside, connections: 100 })
}

test('256 KiB of each connection are allowed, and more are a fault', () => {
  assert.deepEqual(judged(256, 256).faults, [])
  assert.deepEqual(judged(257, 256).faults, ['a head pins 257 KiB, of which 256 are allowed'])
})

test('what is resident beyond 512 KiB of each and 48 MiB is told, and is a fault of a soak', () => {
  assert.deepEqual(judged(1, 1_004).faults, [])
  assert.deepEqual(judge(judged(1, 1_003), false).faults, [])
  assert.deepEqual(judge(judged(1, 1_004), false).faults, ['too much: resident: 1004 KiB (at most 1003)'])
})
