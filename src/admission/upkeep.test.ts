import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'

import { putConfiguration, trustedBy } from '../../test/support/admission.ts'
import { ApiClient } from '../../test/support/api-client.ts'
import { FakeApiServer, fail } from '../../test/support/fake-api-server.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import type { CertificatePair } from '../certificates/index.ts'
import type { KubeError } from '../kube/index.ts'
import { Upkeep } from './upkeep.ts'

const day = 24 * 3_600_000
const minute = 60_000
const place = { namespace: 'default', name: 'lintel-admission' }

/** One replica. */
class Replica {
  readonly shown: CertificatePair[] = []
  readonly errors: KubeError[] = []
  readonly client: ApiClient

  constructor(t: TestContext, api: FakeApiServer, clock: FakeClock) {
    this.client = new ApiClient(api, clock)
    const upkeep = new Upkeep(place, {
      client: this.client.client,
      clock,
      show: (pair) => void this.shown.push(pair),
      failed: (error) => void this.errors.push(error),
    })
    t.after(() => this.client.close())
    void upkeep.run(this.client.signal)
  }

  get last(): string | undefined {
    return this.shown.at(-1)?.chain
  }
}

async function start(t: TestContext): Promise<{ api: FakeApiServer; clock: FakeClock }> {
  const api = new FakeApiServer()
  await api.start()
  t.after(() => api.stop())
  const clock = new FakeClock()
  clock.advance(Date.UTC(2026, 0, 1))
  return { api, clock }
}

function secretOf(api: FakeApiServer): Readonly<Record<string, string>> {
  const [secret] = api.objects('Secret')
  return (secret?.['data'] ?? {}) as Readonly<Record<string, string>>
}

function writes(api: FakeApiServer): string[] {
  return api.calls.filter(({ method }) => method !== 'GET').map(({ method, resource }) => `${method} ${resource}`)
}

suite('Upkeep', { timeout: 60_000 }, () => {
  test('of two replicas that start at the same time both show the certificate of one Secret', async (t) => {
    const { api, clock } = await start(t)
    putConfiguration(api)
    const replicas = [new Replica(t, api, clock), new Replica(t, api, clock)] as const
    await replicas[0].client.until(() => replicas.every(({ shown }) => shown.length > 0))
    assert.equal(replicas[0].last, replicas[1].last)
    assert.equal(replicas[0].last, Buffer.from(secretOf(api)['tls.crt'] ?? '', 'base64').toString())
    assert.equal(writes(api).filter((act) => act === 'POST secrets').length <= 2, true)
    await replicas[0].client.until(() => trustedBy(api) !== '')
    assert.equal(trustedBy(api), Buffer.from(secretOf(api)['ca.crt'] ?? '', 'base64').toString())
    assert.deepEqual(replicas[0].errors.concat(replicas[1].errors), [])
  })

  test('renews without a restart, and the other replica follows; at rest nothing is written', async (t) => {
    const { api, clock } = await start(t)
    putConfiguration(api)
    const replicas = [new Replica(t, api, clock), new Replica(t, api, clock)] as const
    await replicas[0].client.until(() => replicas.every(({ shown }) => shown.length === 1) && trustedBy(api) !== '')
    const [first, bundle] = [replicas[0].last, trustedBy(api)]
    const written = writes(api).length
    for (let rounds = 0; rounds < 3; rounds++) await replicas[0].client.pass(minute)
    assert.equal(writes(api).length, written)
    clock.stall(61 * day)
    await replicas[0].client.until(() => replicas.every(({ shown }) => shown.length === 2), 5_000)
    assert.notEqual(replicas[0].last, first)
    assert.equal(replicas[0].last, replicas[1].last)
    assert.equal(trustedBy(api), bundle, 'the same authority')
  })

  test('a Secret that is deleted comes back as it was, and a bundle that is taken away too', async (t) => {
    const { api, clock } = await start(t)
    putConfiguration(api)
    const replica = new Replica(t, api, clock)
    await replica.client.until(() => trustedBy(api) !== '')
    const [before, bundle] = [secretOf(api), trustedBy(api)]
    api.remove('Secret', 'default', 'lintel-admission')
    putConfiguration(api)
    await replica.client.until(() => trustedBy(api) !== '', 5_000)
    assert.deepEqual([secretOf(api), trustedBy(api)], [before, bundle])
    assert.equal(replica.shown.length, 1)
  })

  test('what others wrote to the Secret stays, and what cannot be read is made anew', async (t) => {
    const { api, clock } = await start(t)
    putConfiguration(api)
    const metadata = { name: 'lintel-admission', namespace: 'default', labels: { team: 'a' } }
    api.put({ kind: 'Secret', metadata, data: { own: 'eA==', 'ca.crt': 'junk' }, type: 'Opaque' })
    const replica = new Replica(t, api, clock)
    await replica.client.until(() => replica.shown.length > 0)
    const [secret] = api.objects('Secret')
    assert.deepEqual(
      [secret?.metadata['labels'], secret?.['type'], secretOf(api)['own']],
      [{ team: 'a' }, 'Opaque', 'eA=='],
    )
  })

  test('without the configuration the certificate is shown all the same, and it is told and tried again', async (t) => {
    const { api, clock } = await start(t)
    const replica = new Replica(t, api, clock)
    await replica.client.until(() => replica.errors.length > 0)
    assert.equal(replica.errors[0]?.status, 404)
    assert.equal(replica.shown.length, 1)
    putConfiguration(api)
    await replica.client.until(() => trustedBy(api) !== '', 1_000)
  })

  test('where it may not write the Secret it shows nothing, and tries again', async (t) => {
    const { api, clock } = await start(t)
    putConfiguration(api)
    api.script = ({ method }, response) => {
      if (method !== 'POST') return false
      fail(response, 403, 'Forbidden')
      return true
    }
    const replica = new Replica(t, api, clock)
    await replica.client.until(() => replica.errors.length > 1, 1_000)
    assert.deepEqual([replica.errors[0]?.status, replica.shown], [403, []])
    api.script = undefined
    await replica.client.until(() => replica.shown.length > 0, 1_000)
  })
})
