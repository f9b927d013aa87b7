import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { sourceObject } from '../../../test/support/source-object.ts'
import type { Json } from '../../model/index.ts'
import { readSecret } from './secret.ts'

type Fields = Readonly<Record<string, Json>>

function read(fields: Fields): ReturnType<typeof readSecret> {
  return readSecret(sourceObject('Secret', { metadata: { name: 'shop-tls' }, ...fields }))
}

const encoded = { 'tls.crt': btoa('certificate'), 'tls.key': btoa('key') }

test('readSecret() decodes data; stringData stands over it', () => {
  const { value } = read({ type: 'kubernetes.io/tls', data: encoded, stringData: { 'tls.key': 'other' } })
  assert.deepEqual([value?.certificate, value?.privateKey], ['certificate', 'other'])
})

test('readSecret() takes both keys of a Secret of any type, and passes over the rest', () => {
  for (const type of ['Opaque', 'example.com/own', null]) {
    const { value } = read({ type, data: { ...encoded, 'ca.crt': btoa('x') } })
    assert.deepEqual([value?.certificate, value?.privateKey], ['certificate', 'key'])
  }
  assert.deepEqual(read({ type: 'Opaque', data: { password: btoa('x') } }).diagnostics, [])
})

suite('readSecret() holds Secrets to the API server (semantics 6.3)', () => {
  const tls = { type: 'kubernetes.io/tls' }
  const rows: readonly (readonly [what: string, fields: Fields, field: string | undefined])[] = [
    ['both keys, empty', { ...tls, data: { 'tls.crt': '', 'tls.key': '' } }, undefined],
    ['both keys under stringData', { ...tls, stringData: { 'tls.crt': 'a', 'tls.key': 'b' } }, undefined],
    ['base64 over several lines', { data: { a: 'YWJj\nYWJj\n' } }, undefined],
    ['no tls.key', { ...tls, data: { 'tls.crt': '' } }, 'data'],
    ['no tls.crt', { ...tls, data: { 'tls.key': '' } }, 'data'],
    ['a pair of which one is no base64', { ...tls, data: { 'tls.crt': '-----BEGIN', 'tls.key': '' } }, 'data.tls.crt'],
    ['no base64', { data: { a: '-----BEGIN' } }, 'data.a'],
    ['base64 without padding', { data: { a: 'YQ' } }, 'data.a'],
    ['base64 of a URL', { data: { a: 'YQ-_' } }, 'data.a'],
    ['a number', { data: { a: 5 } }, 'data.a'],
    ['a number under stringData', { stringData: { a: 5 } }, 'stringData.a'],
    ['data that is a list', { data: [] }, 'data'],
    ['1 MiB', { stringData: { a: 'a'.repeat(1_048_576) } }, undefined],
    ['1 MiB and an octet', { stringData: { a: 'a'.repeat(1_048_577) } }, ''],
  ]
  for (const [what, fields, field] of rows)
    test(`${field === undefined ? 'accepts' : 'refuses'} ${what}`, () => {
      const found = read(fields).diagnostics.map((diagnostic) => diagnostic.field)
      assert.deepEqual(found, field === undefined ? [] : [field])
    })
})
