import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it } from 'node:test'

import type { Lender } from '../model/index.ts'
import { ReadBuffers } from './read-buffers.ts'
import { ReadTurns } from './read-turns.ts'
import { SocketReader } from './socket-reader.ts'

interface Reading {
  /** Has so many octets come, all of that value. Answers them where they were read to. */
  readonly read: (length: number, octet: number) => Buffer
  /** Whether the octets that came last can be kept. */
  readonly isLent: () => boolean
  /** Keeps what comes next, until the answer is called. */
  readonly keepNext: () => () => void
  /** Where octets that were handed on have been so far. */
  readonly places: ReadonlySet<ArrayBufferLike>
  /** Octets are taken, but no more for now. */
  readonly stop: () => void
  readonly close: () => void
}

function readWith(buffers: ReadBuffers): Reading {
  let lender: Lender | undefined
  let release: (() => void) | undefined
  let keeps = false
  let more = true
  const places = new Set<ArrayBufferLike>()
  const take = (bytes: Buffer, _end: number, from: Lender | undefined): boolean => {
    places.add(bytes.buffer)
    lender = from
    if (keeps) release = from?.lend()
    keeps = false
    return more
  }
  const reader = new SocketReader(buffers, { take })
  reader.changes = true
  return {
    read: (length, octet) => {
      const { buffer } = reader
      buffer.fill(octet, 0, length)
      reader.read(length)
      return Buffer.from(buffer.buffer, 0, length)
    },
    isLent: () => lender !== undefined,
    keepNext: () => {
      keeps = true
      return () => release?.()
    },
    places,
    stop: () => (more = false),
    close: () => reader.close(),
  }
}

const full = 64 * 1024

interface Scene {
  readonly reader: SocketReader
  readonly socket: { destroyed: boolean }
  /** What the taker and the socket hear, in order. */
  readonly heard: string[]
  readonly nextTurn: () => void
}

/** After a first read; `wants`: whether the taker wants more after what it is given. */
function createScene(wants = true): Scene {
  const turns: (() => void)[] = []
  let now = 0
  const clock = (): number => (now += 100)
  const buffers = new ReadBuffers(true, new ReadTurns(clock, (begin) => turns.push(begin)))
  const heard: string[] = []
  const reader = new SocketReader(buffers, {
    take: (bytes, end) => {
      heard.push(`${bytes[0]}:${end}`)
      return wants
    },
  })
  const socket = { destroyed: false, pause: () => heard.push('pause'), resume: () => heard.push('resume') }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that a reader asks of a socket
  reader.from(socket as unknown as Socket)
  reader.read(full)
  heard.length = 0
  return { reader, socket, heard, nextTurn: () => turns.splice(0).forEach((begin) => begin()) }
}

const readOctets = (reader: SocketReader, octet: number, length: number): boolean => {
  reader.buffer.fill(octet, 0, length)
  return reader.read(length)
}

describe('SocketReader', () => {
  it('reads heads and small bodies of all sockets into one buffer, which nobody may keep', () => {
    const buffers = new ReadBuffers()
    const [one, other] = [readWith(buffers), readWith(buffers)]
    const seen = [one.read(10, 1), other.read(10, 2), one.read(full - 1, 3), other.read(5, 4)]
    assert.equal(new Set(seen.map(({ buffer }) => buffer)).size, 1)
    assert.ok(!other.isLent())
  })

  it('gives a large read on in a copy that can be kept', () => {
    const buffers = new ReadBuffers()
    const kept: Buffer[] = []
    const reader = new SocketReader(buffers, {
      take: (bytes, end, lender) => {
        lender?.lend()
        kept.push(bytes.subarray(0, end))
        return false
      },
    })
    for (const octet of [1, 2]) {
      reader.buffer.fill(octet)
      reader.read(full)
    }
    assert.deepEqual(
      kept.map((bytes) => bytes[0]),
      [1, 2],
    )
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

  it('keeps to them through small reads between large ones', () => {
    const reading = readWith(new ReadBuffers())
    const shared = reading.read(full, 1)
    for (const length of [full, 10, 20, 30, full, 10]) assert.notEqual(reading.read(length, 2).buffer, shared.buffer)
  })

  it('lends no buffer for octets that do not nearly fill it', () => {
    const reading = readWith(new ReadBuffers())
    reading.read(full, 1)
    const lent = [full / 2, 10, full].map((length) => {
      reading.read(length, 2)
      return reading.isLent()
    })
    assert.deepEqual(lent, [false, false, true])
  })

  it('has none of its own while it is stopped', () => {
    const buffers = new ReadBuffers()
    const [one, other] = [readWith(buffers), readWith(buffers)]
    const shared = one.read(full, 1)
    one.stop()
    one.read(full, 2)
    other.read(full, 3)
    assert.ok(one.places.has(other.read(full, 4).buffer))
    assert.equal(one.read(full, 5).buffer, shared.buffer)
  })

  it('goes back when bodies have become small, and leaves its buffer to others', () => {
    const buffers = new ReadBuffers()
    const [one, other] = [readWith(buffers), readWith(buffers)]
    const shared = one.read(full, 1)
    one.read(full, 2)
    for (let reads = 0; reads < 4; reads++) one.read(10, 3)
    assert.equal(one.read(10, 4).buffer, shared.buffer)
    other.read(full, 5)
    assert.ok(one.places.has(other.read(full, 6).buffer))
  })

  it('gives its buffer back when the socket is closed, once nobody writes from it', () => {
    const buffers = new ReadBuffers()
    const [one, other] = [readWith(buffers), readWith(buffers)]
    one.read(full, 1)
    const release = one.keepNext()
    const lent = one.read(full, 2)
    one.close()
    other.read(full, 3)
    assert.notEqual(other.read(full, 4).buffer, lent.buffer, 'still lent')
    release()
    const third = readWith(buffers)
    third.read(full, 5)
    third.read(full, 6)
    assert.ok(third.places.has(lent.buffer))
  })

  it('makes no more buffers than the memory of a worker allows', () => {
    const buffers = new ReadBuffers(true, new ReadTurns(() => 0))
    const readings = Array.from({ length: 520 }, () => readWith(buffers))
    for (const reading of readings) reading.read(full, 1)
    const used = new Set(readings.map((reading) => reading.read(full, 2).buffer))
    assert.equal(used.size, 513, 'and the shared one')
    for (const reading of readings) reading.close()
    const again = Array.from({ length: 70 }, () => readWith(buffers))
    for (const reading of again) reading.read(full, 1)
    const kept = again.filter((reading) => used.has(reading.read(full, 2).buffer))
    assert.ok(kept.length > 0 && kept.length <= 64, 'and keeps few of those that are no longer used')
  })

  describe('when the turn is used up', () => {
    it('what was read waits for a later one, and is what it was though others use the buffer', () => {
      const { reader, heard, nextTurn } = createScene()
      assert.equal(readOctets(reader, 1, full), false)
      assert.ok(reader.isLate)
      reader.buffer.fill(2)
      reader.resume()
      assert.deepEqual(heard, [], 'whatever drains meanwhile')
      nextTurn()
      assert.deepEqual(heard, [`1:${full}`, 'resume'])
      assert.ok(!reader.isLate)
    })

    it('what comes all the same, however little, stays behind it', () => {
      for (const [first, expected] of [
        [20_000, ['1:20010']],
        [full, [`1:${full}`, '2:10']],
      ] as const) {
        const { reader, heard, nextTurn } = createScene()
        readOctets(reader, 1, first)
        assert.equal(readOctets(reader, 2, 10), false)
        nextTurn()
        assert.deepEqual(heard, [...expected, 'resume'])
      }
    })

    it('it is handed on at once when the peer has ended, whatever is wanted', () => {
      const { reader, heard, nextTurn } = createScene()
      readOctets(reader, 1, full)
      reader.pause()
      reader.end()
      assert.deepEqual(heard, ['pause', `1:${full}`])
      nextTurn()
      assert.deepEqual(heard, ['pause', `1:${full}`])
    })

    it('a buffer of its own is not read into before that is done', () => {
      const { reader, heard, nextTurn } = createScene()
      reader.changes = true
      nextTurn()
      reader.read(full)
      heard.length = 0
      const own = reader.buffer
      readOctets(reader, 1, full)
      assert.notEqual(reader.buffer, own)
      reader.buffer.fill(2)
      nextTurn()
      assert.deepEqual(heard, [`1:${full}`, 'resume'])
    })

    it('it waits on for who wants nothing then, and comes in a turn of its own when he does', () => {
      const { reader, heard, nextTurn } = createScene(false)
      readOctets(reader, 1, full)
      reader.pause()
      nextTurn()
      assert.deepEqual(heard, ['pause'])
      reader.resume()
      assert.deepEqual(heard, ['pause'], 'not while it is asked for')
      nextTurn()
      assert.deepEqual(heard, ['pause', `1:${full}`], 'and nothing is read after it')
    })

    it('nothing comes of it once the socket is destroyed', () => {
      const { reader, socket, heard, nextTurn } = createScene()
      readOctets(reader, 1, full)
      socket.destroyed = true
      nextTurn()
      assert.deepEqual(heard, [])
    })

    it('nothing comes of it after the close', () => {
      const { reader, heard, nextTurn } = createScene()
      readOctets(reader, 1, full)
      reader.close()
      nextTurn()
      assert.deepEqual(heard, [])
    })
  })
})
