import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { startApi } from '../../test/support/api-client.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { kinds } from '../compile/index.ts'
import { NamedSecrets } from './named-secrets.ts'

const deadline = { timeout: 60_000 }
const one = new Map([['shop/cert', '']])

/** Secrets on a clock of their own, that nobody else sets timers on; one is there to be named. */
async function startSecrets(t: TestContext) {
  const { api, client } = await startApi(t)
  const kind = kinds.find((each) => each.kind === 'Secret')
  assert.ok(kind)
  api.put({ kind: 'Secret', metadata: { name: 'cert', namespace: 'shop' } })
  const clock = new FakeClock()
  const stop = new AbortController()
  const secrets = new NamedSecrets(kind, client.client, clock, () => undefined)
  secrets.run(stop.signal)
  return { client, clock, secrets, stop }
}

test('nothing is set to wake us as long as no Secret is known', deadline, async (t) => {
  const { client, clock, secrets } = await startSecrets(t)
  assert.equal(clock.pending, 0)
  secrets.want(one)
  await client.until(() => secrets.list().length === 1)
  assert.equal(clock.pending, 1)
  secrets.want(new Map())
  assert.equal(clock.pending, 0)
})

test('the end stops the turns', deadline, async (t) => {
  const { client, clock, secrets, stop } = await startSecrets(t)
  secrets.want(one)
  await client.until(() => secrets.list().length === 1)
  assert.equal(clock.pending, 1)
  stop.abort()
  assert.equal(clock.pending, 0)
})
