import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LineSplitter } from './line-splitter.ts'

function split(text: string, cuts: readonly number[], limit = 1_000): string[] {
  const lines: string[] = []
  const splitter = new LineSplitter(limit, (line) => lines.push(line))
  const octets = Buffer.from(text)
  const ends = [...cuts, octets.length]
  for (const [at, end] of ends.entries()) splitter.take(octets.subarray(ends[at - 1] ?? 0, end))
  return lines
}

test('lines are the same wherever the stream is cut, inside characters too', () => {
  const text = '{"a":"ü€😀"}\n\n{"b":"\u2028"}\r\n'
  const { length } = Buffer.from(text)
  for (let first = 0; first <= length; first++)
    for (let second = first; second <= length; second++)
      assert.deepEqual(split(text, [first, second]), ['{"a":"ü€😀"}', '{"b":"\u2028"}\r'])
})

test('a line without its end is none', () => {
  assert.deepEqual(split('{"a":1}\n{"b":2}', [9]), ['{"a":1}'])
})

test('a line beyond the limit is refused, in one part or in many', () => {
  assert.deepEqual(split('abcd\nefgh\n', [], 4), ['abcd', 'efgh'])
  assert.throws(() => split('abcde\n', [], 4), { reason: 'TooLarge' })
  assert.throws(() => split('abcde', [1, 2, 3, 4], 4), { reason: 'TooLarge' })
})
