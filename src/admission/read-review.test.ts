import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { printAsked } from '../../test/support/admission.ts'
import { ingresses } from '../../test/support/api-client.ts'
import { readReview, Unreadable } from './read-review.ts'

const metadata = { name: 'web', namespace: 'shop', uid: 'one', creationTimestamp: '2026-01-01T00:00:00Z' }
const object = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: {} }

function read(asked: object): ReturnType<typeof readReview> {
  return readReview(printAsked({ object, ...asked }), ingresses)
}

suite('readReview()', () => {
  test('reads the object as it would be stored, and the UID of the question', () => {
    const { uid, object: found } = read({ uid: 'question' })
    assert.equal(uid, 'question')
    assert.deepEqual(found?.ref, { kind: 'Ingress', namespace: 'shop', name: 'web' })
    assert.equal(found?.created, Date.UTC(2026, 0, 1))
  })

  test('takes an object without UID, namespace and age, as of a dry run', () => {
    const { object: found } = read({ object: { metadata: { name: 'web' } }, namespace: 'team', dryRun: true })
    assert.deepEqual(found?.ref, { kind: 'Ingress', namespace: 'team', name: 'web' })
    assert.equal(found?.created, Infinity)
  })

  for (const [what, asked] of [
    ['a deletion', { operation: 'DELETE', object: null }],
    ['a connection', { operation: 'CONNECT', object: 5 }],
    ['another kind', { kind: { group: '', version: 'v1', kind: 'Service' } }],
    ['another version', { kind: { group: 'networking.k8s.io', version: 'v2', kind: 'Ingress' } }],
    ['the status', { operation: 'UPDATE', subResource: 'status' }],
    ['an object that is being deleted', { object: { metadata: { ...metadata, deletionTimestamp: 'now' } } }],
  ] as const)
    test(`has nothing to look at in ${what}`, () => assert.equal(read(asked).object, undefined))

  for (const [text, reason] of [
    ['', /no JSON object/],
    [`[${'0,'.repeat(250_000)}0]`, /^more than 250000 values$/],
    ['[]', /no JSON object/],
    ['{"apiVersion":"admission.k8s.io/v1"', /no JSON object/],
    ['{}', /AdmissionReview of admission.k8s.io\/v1 wanted, no text of no text found/],
    ['{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview"}', /v1beta1" found/],
    ['{"apiVersion":"\\u001b[31m","kind":"AdmissionReview"}', /\\u\{1B\}/],
    ['{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}', /^request: missing/],
    [printAsked({ object, uid: '' }), /^request.uid/],
    [printAsked({ object, uid: 'x'.repeat(129) }), /^request.uid/],
    [printAsked({ object, operation: 'create' }), /^request.operation.*"create" found/],
    [printAsked({ object: undefined }), /^request.object: missing/],
    [printAsked({ object: { metadata: {} } }), /^request.object: no name/],
    [printAsked({ object: { metadata: { name: 'web' } } }), /^request.object: .*no namespace/],
  ] as const)
    test(`refuses ${text.slice(0, 100)}`, () => {
      assert.throws(
        () => readReview(text, ingresses),
        (error) => error instanceof Unreadable && reason.test(error.message),
      )
    })
})
