import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { judge } from '../../src/admission/index.ts'
import { createAssembly } from '../../src/assembly.ts'
import type { Assembled } from '../../src/assembly.ts'
import { expiredCertificates } from '../../src/compile/index.ts'
import { Examiner } from '../../src/examiner.ts'
import type { Diagnostic, SourceObject } from '../../src/model/index.ts'
import { compileOptions } from '../support/compile-options.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { snapshotOf } from '../support/objects.ts'
import { edits, ingress } from './kube-objects.ts'

const clock = new FakeClock()
clock.advance(Date.now())
const options = { ...compileOptions, backends: [], echo: false, cluster: undefined }
const faults = ['InvalidObject', 'ResourceBackend', 'GuardNotServed']

/** All that `check` says of these objects, from nothing. */
function check(objects: readonly SourceObject[]): Diagnostic[] {
  const { diagnostics, compilation } = createAssembly(options).assemble(snapshotOf(objects))
  return [...diagnostics, ...expiredCertificates(compilation, clock.wall())]
}

function withObject(objects: readonly SourceObject[], object: SourceObject): SourceObject[] {
  return [...objects.filter(({ uid }) => uid !== object.uid), object]
}

/** One by one, what was said before is crossed out. */
function news(after: readonly Diagnostic[], before: readonly Diagnostic[]): Diagnostic[] {
  const left = before.map(textOf)
  return after.filter((one) => {
    const at = left.indexOf(textOf(one))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function textOf({ object, code, message }: Diagnostic): string {
  return JSON.stringify([object.kind, object.namespace, object.name, code, message])
}

function isOf({ object }: Diagnostic, { ref }: SourceObject): boolean {
  return object.namespace === ref.namespace && object.name === ref.name && object.kind === 'Ingress'
}

/** What serves in the course of one run, and what reviews. */
class Course {
  readonly #serving = createAssembly(options)
  readonly #examiner = new Examiner(options, clock)
  readonly ends: Record<string, number> = {}
  #assembled: Assembled | undefined

  serve(objects: readonly SourceObject[]): void {
    this.#assembled = this.#serving.assemble(snapshotOf(objects))
    this.#examiner.serve(this.#assembled)
  }

  /** A review of the object says what check says of everything, and leaves what is served as it is. */
  review(objects: readonly SourceObject[], object: SourceObject, conflicts: 'warn' | 'refuse'): void {
    const findings = this.#examiner.examine(object)
    const after = check(withObject(objects, object))
    const isUnserved = after.some((one) => one.code === 'ClassNotServed' && isOf(one, object))
    const isInvalid = after.some((one) => one.code === 'InvalidObject' && isOf(one, object))
    if (typeof findings === 'string') {
      assert.ok(isUnserved || isInvalid)
      return this.#count(findings)
    }
    assert.equal(isUnserved, false)
    const { outcome, refusal, warnings } = judge(object.ref, findings, { conflicts })
    const found = news(after, check(objects))
    const refused = found.some(
      (one) =>
        (one.severity === 'error' && faults.includes(one.code) && isOf(one, object)) ||
        (one.code === 'PathConflict' && conflicts === 'refuse'),
    )
    assert.equal(refusal !== undefined, refused)
    if (!refused) assert.equal(warnings.length > 0, found.length > 0)
    this.#count(outcome)
  }

  /** Compiled again, the same objects are the very same tables. */
  hasNotChanged(objects: readonly SourceObject[]): void {
    const again = this.#serving.assemble(snapshotOf(objects))
    const { hosts, tls, catchAll } = this.#assembled?.compilation.table ?? again.compilation.table
    for (const [host, table] of hosts) assert.equal(again.compilation.table.hosts.get(host), table)
    for (const [host, shown] of tls) assert.equal(again.compilation.table.tls.get(host), shown)
    assert.equal(again.compilation.table.catchAll, catchAll)
  }

  #count(end: string): void {
    this.ends[end] = (this.ends[end] ?? 0) + 1
  }
}

test('a review says what check says of the whole, whatever was reviewed before, and changes nothing that is served', () => {
  const ends: Record<string, number> = {}
  const asked = fc.array(fc.record({ object: ingress, conflicts: fc.constantFrom('warn', 'refuse') }), {
    minLength: 1,
    maxLength: 3,
  })
  const play = (states: readonly (readonly SourceObject[])[], reviews: readonly Asked[]): void => {
    const course = new Course()
    for (const objects of states) {
      course.serve(objects)
      for (const { object, conflicts } of reviews) course.review(objects, object, conflicts)
      // What is stored already may be stored again.
      for (const object of objects.filter(({ ref }) => ref.kind === 'Ingress').slice(0, 1))
        course.review(objects, object, 'refuse')
      course.hasNotChanged(objects)
    }
    for (const [end, times] of Object.entries(course.ends)) ends[end] = (ends[end] ?? 0) + times
  }
  fc.assert(fc.property(edits, asked, play), { numRuns: 150 })
  for (const end of ['allowed', 'warned', 'refused', 'foreign']) assert.ok((ends[end] ?? 0) > 10, JSON.stringify(ends))
})

interface Asked {
  readonly object: SourceObject
  readonly conflicts: 'warn' | 'refuse'
}
