import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import type { SourceObject } from '../model/index.ts'
import { addressKey } from './address.ts'
import type { Address } from './address.ts'
import { entriesOf, planStatuses } from './plan-statuses.ts'

type Entries = readonly Address[]

function ingressWith(name: string, entries: Entries): SourceObject {
  const ref = { kind: 'Ingress', namespace: 'shop', name }
  const ingress = entries.map((entry) => ({ ...entry }))
  return { ref, uid: name, revision: '1', created: 0, value: { status: { loadBalancer: { ingress } } } }
}

const ours: Entries = [{ ip: '192.0.2.1' }, { hostname: 'ours.example' }]
const formerly: Entries = [{ ip: '192.0.2.9' }]
const former = new Set(formerly.map(addressKey))

/** What an Ingress has after what was planned has been written. */
function after(entries: Entries, served: boolean): Entries {
  const ingresses = [ingressWith('web', entries)]
  const [write] = planStatuses({ ingresses, isServed: () => served, addresses: ours, former })
  return (write?.entries ?? entries) as Entries
}

suite('what statuses are to be', () => {
  const foreign: Entries = [{ ip: '198.51.100.7' }, { hostname: 'other.example' }]
  for (const [what, served, before, expected] of [
    ['served: ours are added behind those of others', true, foreign, [...foreign, ...ours]],
    ['served: what is missing of ours is added', true, ours.slice(0, 1), ours],
    ['served: ours in another order', true, ours.toReversed(), ours],
    ['served: what was ours goes', true, [...formerly, ...foreign], [...foreign, ...ours]],
    ['served: ours twice', true, [...ours, ...foreign, ...ours], [...foreign, ...ours]],
    ['not ours: ours go, those of others stay', false, [...ours, ...foreign, ...formerly], foreign],
    ['not ours: nothing to do', false, foreign, foreign],
  ] as const)
    test(what, () => assert.deepEqual(after(before, served), expected))

  test('any list: others keep their entries and order, ours are right, and then there is nothing more to do', () => {
    const entry: fc.Arbitrary<Address> = fc.oneof(
      fc.constantFrom(...ours, ...formerly),
      fc.record({ ip: fc.ipV4(), hostname: fc.domain() }, { requiredKeys: ['ip'], noNullPrototype: true }),
    )
    const isOwn = (address: Address): boolean =>
      [...ours, ...formerly].some((own) => addressKey(own) === addressKey(address))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.boolean(), (before, served) => {
        const written = after(before, served)
        assert.deepEqual(
          written.filter((address) => !isOwn(address)),
          before.filter((address) => !isOwn(address)),
        )
        assert.deepEqual(written.filter(isOwn), served ? ours : [])
        assert.equal(after(written, served), written)
      }),
    )
  })

  test('a status that is none counts as empty', () => {
    for (const status of [null, 'x', [], { loadBalancer: 7 }, { loadBalancer: { ingress: 'x' } }])
      assert.deepEqual(entriesOf({ status }), [])
  })
})
