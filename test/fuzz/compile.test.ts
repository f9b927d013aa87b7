import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { Compiler, EndpointResolver } from '../../src/compile/index.ts'
import type { ResolvedEndpoints } from '../../src/compile/index.ts'
import type { Compilation, SourceObject } from '../../src/model/index.ts'
import { compileOptions } from '../support/compile-options.ts'
import { snapshotOf } from '../support/objects.ts'
import { sourceObject } from '../support/source-object.ts'
import { edits, objects, plain, stamp } from './kube-objects.ts'

function sorted(list: readonly unknown[]): string[] {
  return list.map((entry) => JSON.stringify(entry)).toSorted()
}

/** What does not depend on order: lists of findings and of names are compared as sets. */
function comparable(compilation: Compilation): unknown {
  const { table, backends, faults, diagnostics, accepted, refused, certificateUses } = compilation
  return {
    hosts: sorted([...table.hosts]),
    tls: sorted([...table.tls]),
    catchAll: table.catchAll,
    certificates: sorted([...table.certificates.keys()]),
    defaultCertificates: table.defaultCertificates,
    backends: sorted([...backends]),
    faults: sorted([...faults]),
    lists: [diagnostics, accepted, refused, certificateUses].map(sorted),
  }
}

function compileFresh(given: readonly SourceObject[]): Compilation {
  return new Compiler(compileOptions).compile(snapshotOf(given))
}

function resolveFresh(compilation: Compilation, given: readonly SourceObject[]): unknown {
  return comparableEndpoints(new EndpointResolver(compileOptions).resolve(compilation.backends, snapshotOf(given)))
}

function comparableEndpoints({ backends, slices: lists }: ResolvedEndpoints): unknown {
  return { backends: sorted([...backends]), lists: [lists.diagnostics, lists.accepted, lists.refused].map(sorted) }
}

test('any order of the same objects gives an equal compilation and equal endpoints', () => {
  const shuffled = objects.chain((given) =>
    fc.record({
      given: fc.constant(given),
      other: fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ given, other }) => {
      const [compiled, again] = [compileFresh(given), compileFresh(other)]
      assert.deepEqual(comparable(again), comparable(compiled))
      assert.deepEqual(resolveFresh(again, other), resolveFresh(compiled, given))
    }),
    { numRuns: 1_000 },
  )
})

test('compile() after any edits equals compiling from nothing, and what did not change stays the same object', () => {
  let kept = 0
  const check = (states: readonly (readonly SourceObject[])[]): void => {
    const compiler = new Compiler(compileOptions)
    const resolver = new EndpointResolver(compileOptions)
    let before: Compilation | undefined
    for (const given of states) {
      const compiled = compiler.compile(snapshotOf(given))
      const fresh = compileFresh(given)
      assert.deepEqual(comparable(compiled), comparable(fresh))
      const resolved = resolver.resolve(compiled.backends, snapshotOf(given))
      assert.deepEqual(comparableEndpoints(resolved), resolveFresh(fresh, given))
      for (const [host, table] of compiled.table.hosts) if (before?.table.hosts.get(host) === table) kept++
      const again = compiler.compile(snapshotOf(given))
      for (const [host, table] of compiled.table.hosts) assert.equal(again.table.hosts.get(host), table)
      before = compiled
    }
  }
  fc.assert(fc.property(edits, check), { numRuns: 500 })
  assert.ok(kept > 50, `${kept} host tables were kept from one state to the next`)
})

test('compile() never throws on a mutated object, and its neighbours keep their routes', () => {
  const neighbour = stamp(
    sourceObject(
      'Ingress',
      plain({
        apiVersion: 'networking.k8s.io/v1',
        metadata: { namespace: 'z', name: 'neighbour' },
        spec: {
          rules: [
            {
              host: 'own.z',
              http: {
                paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'one', port: { number: 80 } } } }],
              },
            },
          ],
        },
      }),
    ),
    Infinity,
  )
  const alone = compileFresh([neighbour]).table.hosts.get('own.z')
  const broken = fc.record({
    kind: fc.constantFrom('Ingress', 'Service', 'Secret', 'EndpointSlice'),
    value: fc.dictionary(
      fc.constantFrom('apiVersion', 'metadata', 'spec', 'data', 'ports', 'endpoints', 'type'),
      fc.jsonValue(),
    ),
  })
  fc.assert(
    fc.property(broken, ({ kind, value }) => {
      const hostile = stamp(sourceObject(kind, plain(value)), Infinity)
      assert.deepEqual(compileFresh([hostile, neighbour]).table.hosts.get('own.z'), alone)
    }),
    { numRuns: 1_000 },
  )
})
