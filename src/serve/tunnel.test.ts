import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { Deadlines } from '../base/index.ts'
import type { TunnelSide } from '../model/index.ts'
import { joinTunnel } from './tunnel.ts'

type TunnelEvents = Parameters<TunnelSide['open']>[0]

/** One side, in memory: what is done to it, and what it is made to say. */
class FakeSide implements TunnelSide {
  readonly seen: string[] = []
  takesMore = true
  #events: TunnelEvents | undefined
  #closed = false

  get says(): TunnelEvents {
    assert.ok(this.#events !== undefined, 'the side is open')
    return this.#events
  }

  open(events: TunnelEvents): void {
    this.#events = events
  }

  write(bytes: Buffer, start: number, end: number): boolean {
    this.seen.push(bytes.toString('latin1', start, end))
    return this.takesMore
  }

  resume(): void {
    this.seen.push('(resume)')
  }

  end(): void {
    this.seen.push('(end)')
  }

  destroy(): void {
    if (!this.#closed) this.seen.push('(destroy)')
    this.close()
  }

  /** Its socket has closed by itself. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#events?.close()
  }
}

async function joined(): Promise<{
  readonly client: FakeSide
  readonly upstream: FakeSide
  readonly clock: FakeClock
  readonly closings: () => number
}> {
  const [client, upstream, clock] = [new FakeSide(), new FakeSide(), new FakeClock()]
  let closings = 0
  joinTunnel([client, upstream], new Deadlines(clock, 100), 10_000, () => closings++)
  await Promise.resolve()
  return { client, upstream, clock, closings: () => closings }
}

describe('joinTunnel()', () => {
  it('passes octets both ways, and only those that were lent', async () => {
    const { client, upstream } = await joined()
    assert.equal(client.says.data(Buffer.from('xpingx'), 1, 5), true)
    assert.equal(upstream.says.data(Buffer.from('pong'), 0, 4), true)
    assert.deepEqual([client.seen, upstream.seen], [['pong'], ['ping']])
  })

  it('makes a side wait as long as the other does not take more', async () => {
    const { client, upstream } = await joined()
    upstream.takesMore = false
    assert.equal(client.says.data(Buffer.from('a'), 0, 1), false)
    upstream.says.drained()
    assert.deepEqual(client.seen, ['(resume)'])
  })

  it('passes on an end of one side and leaves the other way open', async () => {
    const { client, upstream, closings } = await joined()
    client.says.end()
    assert.deepEqual(upstream.seen, ['(end)'])
    upstream.says.data(Buffer.from('still'), 0, 5)
    assert.deepEqual(client.seen, ['still'])
    assert.equal(closings(), 0)
  })

  it('leaves a side to what was written to it, once both have ended', async () => {
    const { client, upstream, closings } = await joined()
    client.says.end()
    upstream.says.data(Buffer.from('last'), 0, 4)
    upstream.says.end()
    upstream.close()
    assert.deepEqual(client.seen, ['last', '(end)'])
    assert.equal(closings(), 0)
    client.close()
    assert.equal(closings(), 1)
  })

  it('closes with a side that has ended, if the other would speak on to nobody', async () => {
    const { client, upstream, closings } = await joined()
    client.says.end()
    client.close()
    assert.deepEqual(upstream.seen, ['(end)', '(destroy)'])
    assert.equal(closings(), 1)
  })

  it('closes with either side, and tells it once', async () => {
    const { client, upstream, closings } = await joined()
    upstream.destroy()
    assert.deepEqual(client.seen, ['(destroy)'])
    assert.equal(closings(), 1)
  })

  it('is cut after the idle limit, which octets of either side put off', async () => {
    const { client, upstream, clock, closings } = await joined()
    clock.advance(9_000)
    upstream.says.data(Buffer.from('a'), 0, 1)
    clock.advance(9_000)
    assert.equal(closings(), 0)
    clock.advance(1_500)
    assert.equal(closings(), 1)
    assert.deepEqual([client.seen, upstream.seen], [['a', '(destroy)'], ['(destroy)']])
    assert.equal(clock.pending, 0, 'no deadline is left')
  })
})
