import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Lender } from '../model/index.ts'
import { ReadBuffers, SocketReader } from './read-buffers.ts'

interface Reading {
  /** Has so many octets come, all of that value. */
  readonly read: (length: number, octet: number) => Buffer
  /** Whether the octets that came last can be kept. */
  readonly isLent: () => boolean
  /** Keeps what comes next, until the answer is called. */
  readonly keepNext: () => () => void
  /** Octets are taken, but no more for now. */
  readonly stop: () => void
}

function readWith(buffers: ReadBuffers): Reading {
  let lender: Lender | undefined
  let release: (() => void) | undefined
  let keeps = false
  let more = true
  let seen: Buffer = Buffer.alloc(0)
  const reader = new SocketReader(buffers, (bytes, end, from) => {
    lender = from
    if (keeps) release = from?.lend()
    keeps = false
    seen = bytes.subarray(0, end)
    return more
  })
  let next = reader.buffer
  reader.canChange((choose) => {
    next = choose()
    return true
  })
  return {
    read: (length, octet) => {
      next.fill(octet, 0, length)
      reader.callback(length)
      return seen
    },
    isLent: () => lender !== undefined,
    keepNext: () => {
      keeps = true
      return () => release?.()
    },
    stop: () => (more = false),
  }
}

const full = 64 * 1024

describe('SocketReader', () => {
  it('reads heads and small bodies of all sockets into one buffer, which nobody may keep', () => {
    const buffers = new ReadBuffers()
    const [one, other] = [readWith(buffers), readWith(buffers)]
    const seen = [one.read(10, 1), other.read(10, 2), one.read(full - 1, 3), other.read(5, 4)]
    assert.equal(new Set(seen.map(({ buffer }) => buffer)).size, 1)
    assert.deepEqual([one.isLent(), other.isLent()], [false, false])
  })

  it('reads a large body into buffers of its own, and fills none that somebody still writes from', () => {
    const reading = readWith(new ReadBuffers())
    reading.read(full, 1)
    const release = reading.keepNext()
    const first = reading.read(full, 2)
    assert.ok(reading.isLent())
    const second = reading.read(full, 3)
    const third = reading.read(full, 4)
    assert.notEqual(first.buffer, second.buffer)
    assert.ok(
      first.every((octet) => octet === 2),
      'what is lent stays as it is',
    )
    assert.equal(second.buffer, third.buffer, 'what is not lent is filled again')
    release()
  })

  it('takes a buffer that was given back before it makes another', () => {
    const buffers = new ReadBuffers()
    const [one, other] = [readWith(buffers), readWith(buffers)]
    one.read(full, 1)
    const first = one.read(10, 2)
    other.read(full, 3)
    assert.equal(other.read(full, 4).buffer, first.buffer)
  })

  it('has nothing of its own while it is stopped', () => {
    const buffers = new ReadBuffers()
    const reading = readWith(buffers)
    const shared = reading.read(full, 1)
    reading.stop()
    reading.read(full, 2)
    assert.equal(reading.read(1, 3).buffer, shared.buffer)
  })
})
