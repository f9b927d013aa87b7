import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { openPair } from '../test/support/socket-pair.ts'
import { EchoLink } from './echo-link.ts'
import { openPipe } from './fleet/index.ts'
import type { EchoReply, EchoRequest } from './model/index.ts'

/** Joins an echo process that says at first that it listens nowhere, and then on this port for whatever is wanted. */
async function joinEcho(t: TestContext, link: EchoLink, port: number): Promise<void> {
  const [near, far] = await openPair(t)
  const pipe = openPipe<EchoRequest, EchoReply>(far, {
    message: (asked) => {
      if (asked.type === 'want') pipe.send({ type: 'listening', ports: asked.keys.map((key) => [key, port]) })
    },
    closed: () => undefined,
  })
  pipe.send({ type: 'listening', ports: [] })
  link.join(near, true)
}

test('an echo process that is started again is somewhere else, and that is told', { timeout: 60_000 }, async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const link = new EchoLink(resolve)
  await joinEcho(t, link, 1)
  assert.deepEqual([...(await link.portsFor(['default/a:80']))], [['default/a:80', 1]])
  await joinEcho(t, link, 2)
  await promise
  assert.deepEqual([...(await link.portsFor(['default/a:80']))], [['default/a:80', 2]])
})
