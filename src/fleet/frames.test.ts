import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { FrameReader, printFrames } from './frames.ts'

function readAll(reader: FrameReader): unknown[] {
  const messages: unknown[] = []
  while (reader.waiting) {
    const taken = reader.take()
    if (taken !== undefined) messages.push(taken.message)
  }
  return messages
}

test('FrameReader gives back what printFrames() printed, however it is cut', () => {
  const property = fc.property(
    fc.array(fc.jsonValue(), { maxLength: 5 }),
    fc.integer({ min: 1, max: 40 }),
    (messages, size) => {
      const bytes = Buffer.concat(messages.map(printFrames))
      const reader = new FrameReader()
      const read: unknown[] = []
      for (let at = 0; at < bytes.length; at += size) {
        reader.push(bytes.subarray(at, at + size))
        read.push(...readAll(reader))
      }
      assert.deepEqual(read, JSON.parse(JSON.stringify(messages)))
    },
  )
  fc.assert(property, { numRuns: 300 })
})

test('printFrames() splits a large value, and no frame is above 64 KiB', () => {
  const bytes = printFrames({ text: 'x'.repeat(200_000) })
  const lengths: number[] = []
  for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt32BE(at)) lengths.push(5 + bytes.readUInt32BE(at))
  assert.equal(lengths.length, 4)
  assert.ok(Math.max(...lengths) <= 64 * 1024)
})

test('FrameReader refuses a frame above the limit', () => {
  const reader = new FrameReader()
  const frame = Buffer.alloc(70_005)
  frame.writeUInt32BE(70_000, 0)
  reader.push(frame)
  assert.throws(() => reader.take(), RangeError)
})
