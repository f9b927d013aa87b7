import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { openPair } from '../test/support/socket-pair.ts'
import { handOver, onceGone, wasBorn } from './supervised-child.ts'

const deadline = { timeout: 5_000 }

/** A child that takes the pipes that are handed to it, and waits. */
function startChild(t: TestContext, program = process.execPath): ChildProcess {
  const child = spawn(program, ['--eval', 'process.on("message", () => undefined)'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  t.after(() => child.kill('SIGKILL'))
  return child
}

test('onceGone() tells once of a child that ends, and of one that there never was', deadline, async (t) => {
  const [ends, missing] = [startChild(t), startChild(t, '/there/is/no/such/program')]
  assert.deepEqual([wasBorn(ends), wasBorn(missing)], [true, false])
  const gone = [ends, missing].map((child) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const tell = t.mock.fn(resolve)
    onceGone(child, tell)
    return { tell, promise }
  })
  ends.kill('SIGKILL')
  await Promise.all(gone.map(({ promise }) => promise))
  ends.emit('error', new Error('a message could not be sent'))
  assert.deepEqual(
    gone.map(({ tell }) => tell.mock.callCount()),
    [1, 1],
  )
})

test('handOver() closes a pipe that nobody can take any more', deadline, async (t) => {
  const child = startChild(t)
  const [near, far] = await openPair(t)
  child.disconnect()
  handOver(child, { type: 'peer', peer: 1 }, near)
  await once(far.resume(), 'close')
  assert.equal(child.listenerCount('exit'), 0)
})

test('handOver() closes a pipe that still waits when the child dies', deadline, async (t) => {
  const child = startChild(t)
  child.kill('SIGSTOP')
  const pairs = [await openPair(t), await openPair(t), await openPair(t)]
  for (const [near] of pairs) handOver(child, { type: 'peer', peer: 1 }, near)
  child.kill('SIGKILL')
  await Promise.all(pairs.map(([, far]) => once(far.resume(), 'close')))
})
