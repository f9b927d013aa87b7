import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, service, snapshotOf } from '../../test/support/objects.ts'
import { Compiler } from './compile.ts'

interface Rule {
  readonly path: string
  readonly exact: boolean
  readonly service: string
}

const elements = fc.array(fc.constantFrom('a', 'b', 'a-b', 'a%', ''), { maxLength: 3 })
const rules = fc.uniqueArray(
  fc.record({
    path: elements.map((all) => `/${all.join('/')}`).map((path) => (path.endsWith('/') ? '/' : path)),
    exact: fc.boolean(),
    service: fc.constantFrom('a', 'b'),
  }),
  // Of equal ones all but the first are passed over, and `//` is for compile to refuse.
  { maxLength: 8, selector: ({ path, exact }) => `${path} ${exact}` },
)

/** What is listed before a rule, takes its requests and leads elsewhere: of several the longest. */
function earlierOf(all: readonly Rule[], at: number): string | undefined {
  const rule = all[at] ?? assert.fail()
  const covering = all
    .slice(0, at)
    .filter(({ path, exact }) => !exact && (path === '/' || `${rule.path}/`.startsWith(`${path}/`)))
    .filter(({ service: other }) => other !== rule.service)
  return covering.toSorted((a, b) => b.path.length - a.path.length)[0]?.path
}

test('a rule is noted with the longest of the earlier ones that would have taken its requests elsewhere', () => {
  fc.assert(
    fc.property(rules, (given) => {
      const all = given.filter(({ path }) => !path.includes('//'))
      const texts = all.map(({ path, exact, service: name }) => `a.test ${exact ? 'Exact ' : ''}${path} -> ${name}`)
      const objects = [ingress('i0', { rules: texts }), service('a'), service('b')]
      const { diagnostics } = new Compiler(compileOptions).compile(snapshotOf(objects))
      const noted = diagnostics.filter(({ code }) => code === 'DeclarationOrder').map(({ message }) => message)
      const wanted = all.flatMap(({ path }, at) => {
        const earlier = earlierOf(all, at)
        return earlier === undefined ? [] : [`"${path}" is asked before "${earlier}", although it is listed after it`]
      })
      assert.deepEqual(noted, wanted)
    }),
  )
})
