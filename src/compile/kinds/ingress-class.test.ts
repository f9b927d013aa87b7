import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { sourceObject } from '../../../test/support/source-object.ts'
import type { Json } from '../../model/index.ts'
import { readIngressClass } from './ingress-class.ts'

type Fields = Readonly<Record<string, Json>>
const controller = 'lintel.dev/ingress-controller'

function read(spec: Json, annotations: Fields = {}): ReturnType<typeof readIngressClass> {
  return readIngressClass(sourceObject('IngressClass', { metadata: { name: 'lintel', annotations }, spec }))
}

test('readIngressClass() takes the exact text "true" alone for the default class', () => {
  for (const [text, isDefault] of [
    ['true', true],
    ['True', false],
    ['1', false],
    ['', false],
  ] as const)
    assert.equal(
      read({ controller }, { 'ingressclass.kubernetes.io/is-default-class': text }).value?.isDefault,
      isDefault,
    )
})

suite('readIngressClass() holds classes to the API server (semantics 1.2)', () => {
  const named = { kind: 'Config', name: 'main' }
  const scoped = { ...named, scope: 'Namespace' }
  const rows: readonly (readonly [spec: Json, field: string | undefined])[] = [
    [{ controller }, undefined],
    [{ controller: `a.b/${'c'.repeat(246)}` }, undefined],
    [{ controller: `a.b/${'c'.repeat(247)}` }, 'spec.controller'],
    [{ controller: 'a.b/c/d' }, undefined],
    [{ controller: 'nginx' }, 'spec.controller'],
    [{ controller: 'a.b/' }, 'spec.controller'],
    [{ controller: '/x' }, 'spec.controller'],
    [{ controller: 'A.b/x' }, 'spec.controller'],
    [{ controller: 'a.b/x y' }, 'spec.controller'],
    [{ controller: 'a.b/x@y' }, 'spec.controller'],
    [{ controller: '' }, 'spec.controller'],
    [{}, 'spec.controller'],
    [null, 'spec.controller'],
    [{ controller, parameters: named }, undefined],
    [{ controller, parameters: { ...named, apiGroup: 'a.b', scope: 'Cluster' } }, undefined],
    [{ controller, parameters: { ...named, apiGroup: 'A_b' } }, 'spec.parameters.apiGroup'],
    [{ controller, parameters: { name: 'main' } }, 'spec.parameters.kind'],
    [{ controller, parameters: { ...named, name: '' } }, 'spec.parameters.name'],
    [{ controller, parameters: { ...named, name: '..' } }, 'spec.parameters.name'],
    [{ controller, parameters: { ...named, kind: 'a/b' } }, 'spec.parameters.kind'],
    [{ controller, parameters: { ...named, name: 'a%b' } }, 'spec.parameters.name'],
    [{ controller, parameters: { ...scoped, namespace: 'infra' } }, undefined],
    [{ controller, parameters: scoped }, 'spec.parameters.namespace'],
    [{ controller, parameters: { ...scoped, namespace: 'a.b' } }, 'spec.parameters.namespace'],
    [{ controller, parameters: { ...named, namespace: 'infra' } }, 'spec.parameters.namespace'],
    [{ controller, parameters: { ...named, scope: 'cluster' } }, 'spec.parameters.scope'],
    [{ controller, parameters: 'main' }, 'spec.parameters'],
  ]
  for (const [spec, field] of rows)
    test(`${field === undefined ? 'accepts' : 'refuses'} ${JSON.stringify(spec).slice(0, 90)}`, () => {
      const fields = read(spec).diagnostics.map((diagnostic) => diagnostic.field)
      assert.deepEqual(fields, field === undefined ? [] : [field])
    })
})
