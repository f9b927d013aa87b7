import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingress, startApi } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { ApiCall } from '../../test/support/fake-api-server.ts'
import { kinds } from '../compile/index.ts'
import { Elector } from '../kube/index.ts'
import { ClusterSource } from './cluster-source.ts'

const lease = { namespace: 'lintel', name: 'lintel-leader' }
const options = {
  namespaces: [],
  namespaceSelector: undefined,
  secrets: 'named',
  configMap: undefined,
  defaultCertificate: undefined,
  defaultBackend: undefined,
} as const

test(
  'a Secret that is never answered holds up the change that names it, and none after it',
  { timeout: 60_000 },
  async (t) => {
    const { api, client } = await startApi(t)
    const { clock, signal } = client
    api.script = ({ resource }, response) => {
      if (resource.startsWith('secrets/')) fail(response, 500, 'InternalError')
      return resource.startsWith('secrets/')
    }
    const names = new Map<string, string>()
    const source = new ClusterSource(options, {
      client: client.client,
      kinds,
      judge: () => undefined,
      namedSecrets: () => names,
      clock,
      random: () => 0.5,
      failed: () => undefined,
    })
    const times: number[] = []
    void (async () => {
      for await (const _ of source.changes(signal)) times.push(clock.now())
    })()
    await client.until(() => times.length === 1, 10)
    names.set('shop/cert', '')
    assert.ok((await delayOf('names')) >= 1_000)
    for (const name of ['one', 'two', 'three']) assert.ok((await delayOf(name)) < 500)
    names.set('shop/another', '')
    assert.ok((await delayOf('names-another')) >= 1_000)

    async function delayOf(name: string): Promise<number> {
      const [given, begun] = [times.length, clock.now()]
      api.put(ingress(name))
      await client.until(() => times.length > given, 10)
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
      const { api, client } = await startApi(t)
      const { clock, signal } = client
      api.put({ ...ingress('web'), spec: { tls: [{ secretName: 'cert' }] } })
      api.put({ kind: 'Secret', metadata: { name: 'cert', namespace: 'shop' } })
      const source = new ClusterSource(options, {
        client: client.client,
        kinds,
        judge: () => undefined,
        namedSecrets: () => new Map([['shop/cert', '']]),
        clock,
        random: () => 0.5,
        failed: () => undefined,
      })
      let given = 0
      void (async () => {
        for await (const _ of source.changes(signal)) given++
      })()
      const terms: AbortSignal[] = []
      const handler = { elected: (term: AbortSignal) => void terms.push(term), failed: () => undefined }
      const elector = new Elector(client.client, { lease, identity: 'one' }, { clock, random: () => 0 }, handler)
      void elector.run(signal)
      await client.until(() => elector.leads && given > 0 && api.watching === source.reflectors.length)
      api.script = (call, response) => {
        if (isHit(call)) fail(response, status, 'Scripted')
        return isHit(call)
      }
      api.endWatches('destroy')
      await client.until(() => api.watching === source.reflectors.length - 1, 50)
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
      await client.until(() => api.watching === source.reflectors.length, 50)
      assert.ok(clock.now() - back <= 5_000, `${clock.now() - back} ms until all watch again`)
    })
})
