import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingress } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { ApiCall, FakeObject } from '../../test/support/fake-api-server.ts'
import { named, startSource } from '../../test/support/running-source.ts'
import { Elector } from '../kube/index.ts'

const lease = { namespace: 'lintel', name: 'lintel-leader' }

/** An Ingress that names a Secret. */
function naming(secretName: string): FakeObject {
  return { ...ingress(`names-${secretName}`), spec: { tls: [{ secretName }] } }
}

test(
  'a Secret that is never answered holds up the change that names it, and none after it',
  { timeout: 60_000 },
  async (t) => {
    const { api, client, running } = await startSource(t)
    const { clock } = client
    api.script = ({ resource }, response) => {
      if (resource.startsWith('secrets/')) fail(response, 500, 'InternalError')
      return resource.startsWith('secrets/')
    }
    await client.until(() => running.changes.length === 1, 10)
    assert.ok((await delayOf(naming('cert'))) >= 1_000)
    for (const name of ['one', 'two', 'three']) assert.ok((await delayOf(ingress(name))) < 500)
    assert.ok((await delayOf(naming('another'))) >= 1_000)

    async function delayOf(changed: FakeObject): Promise<number> {
      const [given, begun] = [running.changes.length, clock.now()]
      api.put(changed)
      await client.until(() => running.changes.length > given, 10)
      return clock.now() - begun
    }
  },
)

suite('one kind alone fails', { timeout: 60_000 }, () => {
  const faults: readonly (readonly [status: number, isHit: (call: ApiCall) => boolean])[] = [
    [500, ({ resource }) => resource === 'services'],
    [429, ({ resource }) => resource === 'services'],
    [410, ({ resource, watch }) => resource === 'services' && watch],
  ]
  for (const [status, isHit] of faults)
    test(`with ${status}: for a minute there is at most a request a second, the lead is kept, Secrets are asked for`, async (t) => {
      const { api, client, running } = await startSource(t, {}, [naming('cert'), named('Secret', 'cert')])
      const { clock, signal } = client
      const { reflectors } = running.source
      const terms: AbortSignal[] = []
      const handler = { elected: (term: AbortSignal) => void terms.push(term), failed: () => undefined }
      const elector = new Elector(client.client, { lease, identity: 'one' }, { clock, random: () => 0 }, handler)
      void elector.run(signal)
      await client.until(() => elector.leads && running.changes.length > 0 && api.watching === reflectors.length)
      api.script = (call, response) => {
        if (isHit(call)) fail(response, status, 'Scripted')
        return isHit(call)
      }
      api.endWatches('destroy')
      await client.until(() => api.watching === reflectors.length - 1, 50)
      const begun = clock.now()
      await client.until(() => clock.now() - begun > 61_000, 50)
      const meanwhile = api.calls.filter(({ time }) => time - begun > 1_000)
      const asked = (wanted: string): number => meanwhile.filter(({ resource }) => resource.startsWith(wanted)).length
      const counts = [asked('services'), asked('leases'), asked('secrets')]
      t.diagnostic(`requests for Services, the Lease and Secrets: ${counts.join(', ')}`)
      assert.ok(meanwhile.length <= 61, `${meanwhile.length} requests in a minute`)
      assert.ok(Math.min(...counts) >= 5)
      assert.deepEqual([elector.leads, terms.length], [true, 1])
      api.script = undefined
      const back = clock.now()
      await client.until(() => api.watching === reflectors.length, 50)
      assert.ok(clock.now() - back <= 5_000, `${clock.now() - back} ms until all watch again`)
    })
})
