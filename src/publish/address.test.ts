import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { addressesOfService, addressOf, addressOfNode, inOrder } from './address.ts'

suite('the addresses of a Service', () => {
  const ingress = [{ hostname: 'lb.example' }, { ip: '2001:db8::1' }, { ip: '192.0.2.1', ports: [] }, {}, 'x']
  const clusterIP = '10.96.0.7'
  for (const [what, spec, expected] of [
    ['ClusterIP', { type: 'ClusterIP', clusterIP }, [{ ip: clusterIP }]],
    ['without a cluster IP', { type: 'ClusterIP', clusterIP: 'None' }, []],
    ['NodePort', { type: 'NodePort', clusterIP }, [{ ip: clusterIP }]],
    ['NodePort with external IPs', { type: 'NodePort', clusterIP, externalIPs: ['192.0.2.9'] }, [{ ip: '192.0.2.9' }]],
    ['ExternalName', { type: 'ExternalName', externalName: 'far.example' }, [{ hostname: 'far.example' }]],
    [
      'LoadBalancer: IPv4 first, each once, external IPs too',
      { type: 'LoadBalancer', clusterIP, externalIPs: ['192.0.2.1', '192.0.2.2'] },
      [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }, { hostname: 'lb.example' }, { ip: '2001:db8::1' }],
    ],
  ] as const)
    test(what, () => {
      const status = spec.type === 'LoadBalancer' ? { loadBalancer: { ingress } } : {}
      assert.deepEqual(addressesOfService({ spec, status }), expected)
    })

  test('a balancer that is not there yet gives none', () => {
    assert.deepEqual(addressesOfService({ spec: { type: 'LoadBalancer', clusterIP }, status: {} }), [])
  })
})

function node(list: readonly object[]): Parameters<typeof addressOfNode>[0] {
  return { status: { addresses: list as never } }
}

suite('the address of a Node', () => {
  const addresses = [
    { type: 'Hostname', address: 'node-1' },
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'ExternalIP', address: '192.0.2.1' },
  ]
  test('external before internal', () => assert.deepEqual(addressOfNode(node(addresses), false), { ip: '192.0.2.1' }))
  test('internal if wanted', () => assert.deepEqual(addressOfNode(node(addresses), true), { ip: '10.0.0.1' }))
  test('internal if there is no other', () =>
    assert.deepEqual(addressOfNode(node(addresses.slice(0, 2)), false), { ip: '10.0.0.1' }))
  test('none', () => assert.equal(addressOfNode(node([]), false), undefined))
})

test('what a person writes is an IP address or a name', () => {
  assert.deepEqual(inOrder(['::1', 'a.example', '192.0.2.1', 'a.example'].map(addressOf)), [
    { ip: '192.0.2.1' },
    { hostname: 'a.example' },
    { ip: '::1' },
  ])
})
