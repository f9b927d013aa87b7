import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ingress } from '../../test/support/api-client.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { FakeApiServer, FakeObject } from '../../test/support/fake-api-server.ts'
import { startInstallation } from '../../test/support/replicas.ts'

const deadline = { timeout: 60_000 }

function withStatus(name: string, ...ips: readonly string[]): FakeObject {
  return { ...ingress(name), status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } } }
}

function putService(api: FakeApiServer, ...ips: readonly string[]): void {
  const status = { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } }
  api.put({ kind: 'Service', metadata: { name: 'front', namespace: 'lintel' }, spec: { type: 'LoadBalancer' }, status })
}

function pod(name: string, app: string, ready: string): FakeObject {
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'lintel', labels: { app, 'pod-template-hash': name } },
    spec: { nodeName: `node-${name}` },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  }
}

function node(name: string, type: string, address: string): FakeObject {
  const addresses = [
    { type: 'InternalIP', address: `10.0.0.${name}` },
    { type, address },
  ]
  return { kind: 'Node', metadata: { name: `node-${name}` }, status: { addresses } }
}

suite('statuses', deadline, () => {
  test('nothing before it is served; then ours, behind those of others; two replicas at rest write nothing', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.api.put(withStatus('both', '198.51.100.7'))
    all.api.put(ingress('foreign'))
    all.start()
    all.start()
    await all.pass(5_000)
    assert.equal(all.writes.length, 0)
    all.served.add('web').add('both')
    await all.pass(1_000)
    assert.deepEqual(
      ['web', 'both', 'foreign'].map((name) => all.shown(name)),
      ['192.0.2.1', '198.51.100.7 192.0.2.1', ''],
    )
    assert.equal(all.writes.length, 2)
    assert.deepEqual(
      new Set(all.writes.map(({ resource }) => resource)),
      new Set(['ingresses/web/status', 'ingresses/both/status']),
    )
    await all.pass(120_000, 1_000)
    assert.equal(all.writes.length, 2)
  })

  test('what is no longer ours loses our entry and keeps the others', async (t) => {
    const all = await startInstallation(t)
    all.api.put(withStatus('web', '198.51.100.7'))
    all.served.add('web')
    all.start()
    await all.until(() => all.shown('web').includes('192.0.2.1'))
    all.served.clear()
    await all.until(() => all.shown('web') === '198.51.100.7')
  })

  test('so does that whose namespace no longer counts; what another controller wrote in such a one stays', async (t) => {
    const all = await startInstallation(t)
    all.api.put(withStatus('web', '198.51.100.7'))
    all.api.put(withStatus('other', '192.0.2.1'))
    all.leave('other')
    all.served.add('web')
    all.start()
    await all.until(() => all.shown('web').includes('192.0.2.1'))
    all.leave('web')
    await all.until(() => all.shown('web') === '198.51.100.7')
    await all.pass(60_000, 1_000)
    assert.equal(all.shown('other'), '192.0.2.1')
  })

  test('an equal address that another controller writes is not ours to take, be it served here now and not later', async (t) => {
    const all = await startInstallation(t)
    for (const name of ['both', 'other', 'moved']) all.api.put(withStatus(name, '192.0.2.1'))
    all.served.add('both').add('moved')
    all.start()
    await all.pass(5_000)
    all.served.delete('moved')
    await all.pass(120_000, 1_000)
    assert.equal(all.writes.length, 0)
  })

  test('what leaves our classes is taken back once: an equal address that the next controller writes stays', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.served.add('web')
    all.start()
    await all.until(() => all.shown('web') === '192.0.2.1')
    all.served.clear()
    // Nobody hears of the Ingress without an address.
    all.api.script = ({ method }, response) => {
      if (method === 'PATCH') response.on('finish', () => void all.api.put(withStatus('web', '192.0.2.1')))
      return false
    }
    await all.pass(120_000, 1_000)
    assert.deepEqual([all.writes.length, all.shown('web')], [2, '192.0.2.1'])
  })

  test('two installations at different addresses: an Ingress that moves from one to the other ends with one address', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.served.add('web')
    const one = all.start()
    await all.until(() => all.shown('web') === '192.0.2.1')
    // Written by another installation, which leaves ours as they are.
    all.api.put(withStatus('web', '192.0.2.1', '198.51.100.7'))
    await all.pass(1_000)
    all.served.clear()
    await all.until(() => all.shown('web') === '198.51.100.7')
    assert.deepEqual(one.told, [])
  })

  test('a new leader knows what the last one wrote', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.api.put(withStatus('other', '192.0.2.1'))
    all.served.add('web')
    const one = all.start()
    await all.until(() => all.shown('web') === '192.0.2.1')
    one.stop()
    all.served.clear()
    all.start()
    await all.until(() => all.shown('web') === '')
    await all.pass(10_000)
    assert.equal(all.shown('other'), '192.0.2.1')
  })

  test('somebody else was first, or it is gone: no error, and tried on what there is then', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.api.put(ingress('gone'))
    all.served.add('web').add('gone')
    let first = true
    all.api.script = ({ method }) => {
      if (method === 'PATCH' && first) {
        first = false
        all.api.put(withStatus('web', '198.51.100.7'))
        all.api.remove('Ingress', 'shop', 'gone')
      }
      return false
    }
    const replica = all.start()
    await all.until(() => all.shown('web') === '198.51.100.7 192.0.2.1')
    await all.pass(5_000)
    assert.deepEqual(replica.told, [])
    assert.deepEqual(all.writes.length, 3)
  })

  test('another address takes the place of the former one, also when the leader dies in between', async (t) => {
    const all = await startInstallation(t)
    const service = { namespace: 'lintel', name: 'front' }
    putService(all.api, '192.0.2.1')
    all.api.put(withStatus('web', '198.51.100.7'))
    all.served.add('web')
    const one = all.start({ service })
    await all.until(() => all.shown('web') === '198.51.100.7 192.0.2.1')
    one.kill()
    putService(all.api, '192.0.2.2', '192.0.2.3')
    all.start({ service })
    await all.until(() => all.shown('web') === '198.51.100.7 192.0.2.2 192.0.2.3')
    await all.pass(5_000)
    const [lease] = all.api.objects('Lease')
    assert.deepEqual(lease?.metadata['annotations'], { 'lintel.dev/memo': '192.0.2.2| 192.0.2.3|' })
    all.api.remove('Service', 'lintel', 'front')
    await all.pass(5_000)
    assert.equal(all.shown('web'), '198.51.100.7 192.0.2.2 192.0.2.3')
  })

  test('what is left to the next leader stays short, though there is always something to do', async (t) => {
    const all = await startInstallation(t)
    const service = { namespace: 'lintel', name: 'front' }
    putService(all.api, '192.0.2.0')
    for (const name of ['web', 'refused']) all.api.put(ingress(name))
    all.served.add('web').add('refused')
    all.api.script = ({ resource }, response) => {
      if (resource !== 'ingresses/refused/status') return false
      fail(response, 403, 'Forbidden')
      return true
    }
    all.start({ service })
    for (let change = 1; change < 60; change++) {
      await all.until(() => all.shown('web') === `192.0.2.${change - 1}`)
      putService(all.api, `192.0.2.${change}`)
    }
    await all.until(() => all.shown('web') === '192.0.2.59')
    const memo = String(Object(all.api.objects('Lease')[0]?.metadata['annotations'])['lintel.dev/memo'])
    const keys = memo.split(' ')
    assert.equal(keys.at(-1), '192.0.2.59|')
    assert.ok(keys.length > 30 && keys.length < 40, `${keys.length} addresses`)
  })

  test('no war with a controller that wants its own entries alone: five writes in a quarter of an hour', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.served.add('web')
    all.start()
    for (let passed = 0; passed < 16; passed++) {
      await all.pass(60_000, 5_000)
      if (all.shown('web') !== '198.51.100.7') all.api.put(withStatus('web', '198.51.100.7'))
    }
    t.diagnostic(`${all.writes.length} writes in sixteen minutes`)
    assert.ok(all.writes.length >= 3 && all.writes.length <= 5, `${all.writes.length} writes`)
  })

  // A 404 that does not name the Ingress is that of something before the server.
  for (const status of [403, 404])
    test(`a refusal with ${status} is tried again after a minute`, async (t) => {
      const all = await startInstallation(t)
      all.api.put(ingress('web'))
      all.served.add('web')
      all.api.script = ({ method }, response) => {
        if (method !== 'PATCH') return false
        fail(response, status, 'Refused')
        return true
      }
      const replica = all.start()
      await all.pass(100_000, 500)
      assert.equal(all.writes.length, 2)
      assert.deepEqual(new Set(replica.told), new Set([`statuses: shop/web: ${status}`]))
      all.api.script = undefined
      await all.until(() => all.shown('web') === '192.0.2.1')
    })

  test('who can no longer renew its Lease writes no more; the next leader does within 17 s of a death', async (t) => {
    const all = await startInstallation(t)
    const one = all.start()
    await all.until(() => one.publisher.leads)
    const two = all.start()
    all.api.put(ingress('web'))
    await all.pass(2_000)
    one.kill()
    const died = all.clock.now()
    all.served.add('web')
    await all.until(() => all.shown('web') === '192.0.2.1')
    t.diagnostic(`written by the next leader ${all.clock.now() - died} ms after the death`)
    assert.ok(all.clock.now() - died <= 17_000)
    assert.deepEqual([one.publisher.leads, two.publisher.leads, all.writes.length], [false, true, 1])
  })

  test('given back at the end, the lead is taken at once', async (t) => {
    const all = await startInstallation(t)
    const one = all.start()
    await all.until(() => one.publisher.leads)
    const two = all.start()
    one.stop()
    const begun = all.clock.now()
    await all.until(() => two.publisher.leads)
    assert.ok(all.clock.now() - begun <= 2_000)
    await one.ended
  })

  test('nodes on which ready pods like ours run: external addresses first', async (t) => {
    const all = await startInstallation(t)
    for (const object of [
      pod('1', 'lintel', 'True'),
      pod('2', 'lintel', 'True'),
      pod('3', 'lintel', 'False'),
      pod('4', 'other', 'True'),
    ])
      all.api.put(object)
    for (const object of [node('1', 'ExternalIP', '192.0.2.1'), node('2', 'Hostname', 'two')]) all.api.put(object)
    all.api.put(ingress('web'))
    all.served.add('web')
    all.start({ podNamespace: 'lintel', podName: '1' })
    await all.until(() => all.shown('web') === '192.0.2.1 10.0.0.2')
    all.api.put(pod('2', 'lintel', 'False'))
    await all.until(() => all.shown('web') === '192.0.2.1')
    all.api.put(pod('1', 'lintel', 'False'))
    await all.pass(10_000)
    assert.equal(all.shown('web'), '192.0.2.1')
    all.api.put(pod('2', 'lintel', 'True'))
    await all.until(() => all.shown('web') === '10.0.0.2')
  })

  test('a lone replica that leads before it is ready leaves the addresses that are there', async (t) => {
    const all = await startInstallation(t)
    all.api.put(pod('1', 'lintel', 'True'))
    all.api.put(node('1', 'ExternalIP', '192.0.2.1'))
    all.api.put(ingress('web'))
    all.served.add('web')
    const nodes = { podNamespace: 'lintel', podName: '1' }
    const one = all.start(nodes)
    await all.until(() => all.shown('web') === '192.0.2.1')
    one.stop()
    all.api.put(pod('1', 'lintel', 'False'))
    all.start(nodes)
    await all.pass(20_000)
    all.api.put(pod('1', 'lintel', 'True'))
    await all.pass(20_000)
    assert.deepEqual([all.writes.length, all.shown('web')], [1, '192.0.2.1'])
  })

  test('without an address from anywhere, no status is touched, and whoever leads says so once', async (t) => {
    const all = await startInstallation(t)
    all.api.put(withStatus('web', '198.51.100.7'))
    all.served.add('web')
    const one = all.start({})
    await all.until(() => one.publisher.leads)
    const two = all.start({ addresses: ['192.0.2.1'] })
    await all.pass(10_000)
    assert.deepEqual([all.writes.length, one.told, two.told], [0, ['StatusAddressUnknown'], []])
  })

  test('a later term of the same replica does not say it again', async (t) => {
    const all = await startInstallation(t)
    const one = all.start({})
    await all.until(() => one.publisher.leads)
    all.api.script = ({ resource }, response) => {
      if (!resource.startsWith('leases')) return false
      fail(response, 500, 'InternalError')
      return true
    }
    await all.until(() => !one.publisher.leads)
    all.api.script = undefined
    await all.until(() => one.publisher.leads)
    assert.equal(one.told.filter((code) => code === 'StatusAddressUnknown').length, 1)
  })
})
