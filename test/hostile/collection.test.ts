import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'

import { campaigns } from '../fuzz/campaigns.ts'
import { families } from './cases/index.ts'
import { hasTest } from './test-titles.ts'
import { threats } from './threats.ts'
import { upstreamFamilies } from './upstream-families.ts'

const cases = families.flatMap((family) => family.cases)
const shapes = upstreamFamilies.flatMap((family) => family.shapes)
const root = new URL('../../', import.meta.url)

suite('the collection of hostile requests and upstreams', () => {
  test('has at least 400 requests and 80 shapes, each with an id of its own and a reason', () => {
    assert.ok(cases.length >= 400)
    assert.ok(shapes.length >= 80)
    assert.equal(new Set([...cases, ...shapes].map(({ id }) => id)).size, cases.length + shapes.length)
    for (const { why } of cases) assert.match(why, /\S/)
    for (const { reason } of shapes) assert.match(reason, /\S/)
    for (const { prefix, cases: own } of families) for (const { id } of own) assert.ok(id.startsWith(`${prefix}-`), id)
  })

  for (const { class: threatClass, name, ids, test: elsewhere } of threats)
    test(`meets threat ${threatClass}: ${name}`, () => {
      assert.ok(ids.length > 0 || elsewhere !== undefined)
      const ofClass = [...cases, ...shapes].filter((one) => one.class === threatClass)
      for (const id of ids)
        assert.ok(
          ofClass.some((one) => one.id.startsWith(id)),
          `no ${id} of class ${threatClass}`,
        )
      if (elsewhere === undefined) return
      const [file, title] = elsewhere
      const text = readFileSync(new URL(file, root), 'utf8')
      assert.ok(hasTest(text, title) || isCampaign(text, title), `${file} runs no ${title}`)
    })
})

/** Campaigns that are on the list are all run, each as a test by its name. */
function isCampaign(text: string, title: string): boolean {
  return text.includes(`name: '${title}'`) && campaigns.some(([{ name }]) => name === title)
}
