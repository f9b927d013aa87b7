import assert from 'node:assert/strict'
import { test } from 'node:test'

import { defaultSettings } from '../../src/model/index.ts'
import { printFigure, times } from '../failure/exercises/findings.ts'
import { startClientSide } from '../support/client-side.ts'
import { pass } from '../support/data-plane.ts'
import { startDeafPort } from '../support/deaf-port.ts'
import { bodyOf, startLoadUpstream } from '../support/load-upstream.ts'
import { roundTrip } from '../support/raw-client.ts'
import type { RawClient } from '../support/raw-client.ts'
import { createProxy } from '../support/upstream-side.ts'
import { failHalf } from './half-failing.ts'
import { raceReuse } from './reuse-races.ts'

const deadline = { timeout: 120_000 }
const { connectTimeout } = defaultSettings
/** A sweep may come this much later than a deadline. */
const slack = 500

function isAnswered({ received }: RawClient): boolean {
  return received.endsWith(bodyOf('/'))
}
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_127)

test(
  'connections that close as they are used again cost no GET, and no POST is delivered twice',
  deadline,
  async (t) => {
    const { figures, faults } = await raceReuse({ after: (cleanup) => t.after(cleanup), goesOn: times(1) }, seed)
    for (const figure of figures) t.diagnostic(printFigure(figure))
    assert.deepEqual(faults, [])
  },
)

test(
  'where half of the endpoints fail, a fifth more requests reach them than were made, and no more',
  deadline,
  async (t) => {
    const { figures, faults } = await failHalf({ after: (cleanup) => t.after(cleanup) })
    for (const figure of figures) t.diagnostic(printFigure(figure))
    assert.deepEqual(faults, [])
  },
)

test(
  'of four endpoints one takes no connections: its requests wait for one deadline, the others for nothing',
  deadline,
  async (t) => {
    const deaf = await startDeafPort((cleanup) => t.after(cleanup))
    const upstreams = await Promise.all(Array.from({ length: 3 }, () => startLoadUpstream()))
    for (const upstream of upstreams) t.after(() => upstream.close())
    const side = await startClientSide((exchange) => proxy.handle(exchange))
    t.after(() => side.close())
    const proxy = createProxy(side.clock, [deaf, ...upstreams.map(({ port }) => port)])
    t.after(() => proxy.destroy())
    // As many as may be connected in one turn, for the clock stands still.
    const clients = await Promise.all(Array.from({ length: 32 }, () => side.connect()))
    for (const client of clients) client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    while (clients.filter(isAnswered).length < 24) await roundTrip()
    await pass(side, connectTimeout - 1)
    assert.deepEqual([clients.filter(isAnswered).length, proxy.live], [24, 8])
    await pass(side, slack)
    await Promise.all(clients.map((client) => client.until(() => isAnswered(client))))
    for (const { received } of clients) assert.match(received, /^HTTP\/1\.1 200 /)
  },
)
