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

interface Case {
  readonly served: boolean
  /** Whether we wrote what it has of ours. */
  readonly ours: boolean
}

/** What an Ingress has after what was planned has been written. */
function after(entries: Entries, { served, ours: written }: Case): Entries {
  const ingresses = [ingressWith('web', entries)]
  const wanted = { ingresses, isServed: () => served, isOurs: () => written, addresses: ours, former }
  return (planStatuses(wanted)[0]?.entries ?? entries) as Entries
}

suite('what statuses are to be', () => {
  const foreign: Entries = [{ ip: '198.51.100.7' }, { hostname: 'other.example' }]
  for (const [what, of, before, expected] of [
    ['served: ours are added behind those of others', { served: true, ours: false }, foreign, [...foreign, ...ours]],
    ['served: what is missing of ours is added', { served: true, ours: true }, ours.slice(0, 1), ours],
    ['served: ours in another order', { served: true, ours: true }, ours.toReversed(), ours],
    ['served: what was ours goes', { served: true, ours: true }, [...formerly, ...foreign], [...foreign, ...ours]],
    ['served: ours twice', { served: true, ours: true }, [...ours, ...foreign, ...ours], [...foreign, ...ours]],
    [
      'served, equal ones written by somebody else: untouched, in whatever order',
      { served: true, ours: false },
      [...ours.toReversed(), ...foreign],
      [...ours.toReversed(), ...foreign],
    ],
    [
      'served, one of two written by somebody else: both are there, each once',
      { served: true, ours: false },
      [...ours.slice(1), ...formerly],
      [...formerly, ...ours],
    ],
    [
      'not served: ours go, those of others stay',
      { served: false, ours: true },
      [...ours, ...foreign, ...formerly],
      foreign,
    ],
    [
      'not served, equal ones written by somebody else: untouched',
      { served: false, ours: false },
      [...ours, ...formerly],
      [...ours, ...formerly],
    ],
    ['not served: nothing to do', { served: false, ours: true }, foreign, foreign],
  ] as const)
    test(what, () => assert.deepEqual(after(before, of), expected))

  test('any list: others keep their entries and order, ours are right, and then there is nothing more to do', () => {
    const entry: fc.Arbitrary<Address> = fc.oneof(
      fc.constantFrom(...ours, ...formerly),
      fc.record({ ip: fc.ipV4(), hostname: fc.domain() }, { requiredKeys: ['ip'], noNullPrototype: true }),
    )
    const isOwn = (address: Address): boolean =>
      [...ours, ...formerly].some((own) => addressKey(own) === addressKey(address))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.boolean(), fc.boolean(), (before, served, written) => {
        const entries = after(before, { served, ours: written })
        assert.deepEqual(
          entries.filter((address) => !isOwn(address)),
          before.filter((address) => !isOwn(address)),
        )
        if (written) assert.deepEqual(entries.filter(isOwn), served ? ours : [])
        else if (!served) assert.equal(entries, before)
        else assert.ok(ours.every((own) => entries.some((address) => addressKey(own) === addressKey(address))))
        assert.equal(after(entries, { served, ours: written }), entries)
      }),
    )
  })

  test('a status that is none counts as empty', () => {
    for (const status of [null, 'x', [], { loadBalancer: 7 }, { loadBalancer: { ingress: 'x' } }])
      assert.deepEqual(entriesOf({ status }), [])
  })
})
