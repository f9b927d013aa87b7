import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { playAll } from './campaign.ts'
import type { Outcome } from './campaign.ts'
import { families } from './cases/index.ts'
import { departuresOf } from './departures.ts'
import { lintel } from './targets/lintel.ts'

/** Only ends a hang. */
const patience = 20_000
const onLinux = {
  skip: process.platform !== 'linux' && 'elsewhere loopback has one address, and cases are told apart by theirs',
}

suite('hostile requests', onLinux, async () => {
  let outcomes: Promise<Outcome[]> | undefined
  for (const { name, cases } of families) {
    test(`${name}: ${cases.length} cases`, { timeout: 300_000 }, async () => {
      outcomes ??= playAll(
        lintel,
        families.flatMap((family) => family.cases),
        patience,
      )
      const played = (await outcomes).filter(({ one }) => cases.includes(one))
      assert.equal(played.length, cases.length * 3)
      assert.deepEqual(
        played.flatMap((outcome) => departures(outcome)),
        [],
      )
    })
  }
})

function departures({ one, cut, from, played, arrivals }: Outcome): string[] {
  return departuresOf(one, from, played, arrivals).map((departure) => `${one.id} (${cut}): ${departure}`)
}
