import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { startApi } from '../../test/support/api-client.ts'
import { statusOf } from '../../test/support/fake-api-server.ts'
import type { Script } from '../../test/support/fake-api-server.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { kinds } from '../compile/index.ts'
import { mostOfNamespace } from './most-named.ts'
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
  const secrets = new NamedSecrets(kind, {
    client: client.client,
    clock,
    continues: () => false,
    changed: () => undefined,
  })
  secrets.run(stop.signal)
  return { api, client, clock, secrets, stop }
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

/** A script that answers everything with 404. */
function notFound(body: string | object): Script {
  return (_, response) => {
    response.writeHead(404).end(typeof body === 'string' ? body : JSON.stringify(body))
    return true
  }
}

const status = statusOf(404, 'NotFound')
/** None of them is the word of the API server on a Secret. */
const foreign: readonly (readonly [what: string, script: Script])[] = [
  ['HTML', notFound('<h1>Not Found</h1>')],
  ['a Status that names nothing', notFound(status)],
  ['a Status that names something else', notFound({ ...status, details: { name: 'cluster-1' } })],
  ['a Status of another reason', notFound({ ...status, details: { name: 'cert' }, reason: 'Unknown' })],
]

for (const [what, script] of foreign)
  test(`a 404 of ${what} does not say that a Secret is not there`, deadline, async (t) => {
    const { api, client, clock, secrets } = await startSecrets(t)
    api.script = script
    secrets.want(one)
    await client.until(() => api.calls.length === 1 && secrets.state.waiting === 0)
    assert.deepEqual([secrets.awaited, [...secrets.unread.keys()]], [true, ['shop/cert']])
    api.script = undefined
    clock.advance(1_000)
    await client.until(() => secrets.list().length === 1)
    assert.deepEqual([secrets.awaited, secrets.unread.size], [false, 0])
    api.script = script
    await askAgain(3)
    assert.deepEqual([secrets.list().length, secrets.unread.size], [1, 0])
    api.script = undefined
    api.remove('Secret', 'shop', 'cert')
    await askAgain(2)
    assert.equal(secrets.list().length, 0)

    /** Time passes until so many more requests were made; when the last of them is, the others have been answered. */
    async function askAgain(times: number): Promise<void> {
      const wanted = api.calls.length + times
      while (api.calls.length < wanted) {
        clock.advance(200)
        await turn()
      }
    }
  })

function manyOf(namespace: string, count: number, namedBy = ''): [name: string, namedBy: string][] {
  return Array.from({ length: count }, (_, at) => [`${namespace}/missing-${at}`, namedBy])
}

suite('a namespace that names thousands of Secrets that are not there', deadline, () => {
  test('keeps no other one waiting', async (t) => {
    const { api, client, secrets } = await startSecrets(t)
    secrets.want(new Map([...manyOf('greedy', 300), ...one]))
    await client.until(() => secrets.list().length === 1, 0)
    assert.ok(api.calls.length < 60, `${api.calls.length} requests`)
  })

  test('has them asked for again twenty a second, also when they are named anew, and those of others in between', async (t) => {
    const { api, client, clock, secrets } = await startSecrets(t)
    api.now = () => clock.now()
    const late = ['shop/late', ''] as const
    secrets.want(new Map([...manyOf('greedy', 300), late]))
    await client.until(() => secrets.state.waiting === 0, 0)
    const before = api.calls.length
    for (let second = 1; second <= 5; second++) {
      secrets.want(new Map([...manyOf('greedy', 300, String(second)), late]))
      for (let passed = 0; passed < 1_000; passed += 50) {
        clock.advance(50)
        await turn()
      }
    }
    await client.until(() => secrets.state.waiting < 310, 0)
    const again = api.calls.slice(before)
    assert.ok(again.length > 80 && again.length <= 102, `${again.length} in 5 s`)
    const times = again
      .filter(({ resource }) => resource === 'secrets/late')
      .map(({ time }) => Math.round(time / 1_000))
    assert.deepEqual(times, [1, 3])
  })

  test('has only so many read, and is told so; other namespaces are read', async (t) => {
    const { client, secrets } = await startSecrets(t)
    secrets.want(new Map([...manyOf('greedy', mostOfNamespace + 2), ...one]))
    await client.until(() => secrets.list().length === 1, 0)
    const reasons = [...secrets.unread].filter(([, reason]) => reason.includes('more than 5000 Secrets'))
    assert.deepEqual(
      reasons.map(([name]) => name),
      [`greedy/missing-${mostOfNamespace}`, `greedy/missing-${mostOfNamespace + 1}`],
    )
    secrets.want(one)
    assert.equal(secrets.unread.size, 0)
  })
})
