import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { readStrictly } from '../support/strict-request.ts'
import type { Arrival } from './arrival.ts'
import type { Outcome } from './campaign.ts'
import { afterPath, casesOf, get } from './hostile-case.ts'
import { probePath } from './play.ts'
import type { Played } from './play.ts'
import { judge } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const from = '127.1.0.1'
const one = casesOf('A').answered('x-get', 'a request', get('/'), 400)
const played: Played = { statuses: [], interim: [], connected: true, ended: false }

function arrivalOf(target: string): Arrival {
  const head = get(target, `X-Real-IP: ${from}`)
  const request = readStrictly(head)
  assert.ok(request !== undefined && !('fault' in request))
  return { request, head, connection: 1, service: 'open' }
}

function outcome(client: Partial<Played>, ...targets: readonly string[]): Outcome {
  return { one, cut: 'whole', from, played: { ...played, ...client }, arrivals: targets.map(arrivalOf) }
}

const rows: readonly [what: string, outcome: Outcome, verdict: Verdict][] = [
  ['a status', outcome({ statuses: [400] }), 'refused'],
  ['a connection that ends', outcome({ ended: true }), 'refused'],
  ['a status, and another for the probe', outcome({ statuses: [404, 200], ended: true }, probePath), 'refused'],
  ['silence', outcome({}), 'unanswered'],
  ['an interim answer and silence', outcome({ interim: [100] }), 'unanswered'],
  ['nobody there', outcome({ connected: false, ended: true }), 'unanswered'],
  ['a status for the probe alone', outcome({ statuses: [200], ended: true }, probePath), 'unanswered'],
  ['a status for what follows alone', outcome({ statuses: [200], ended: true }, afterPath), 'unanswered'],
  ['an arrival', outcome({ statuses: [200] }, '/'), 'passed'],
  ['an arrival that must not be', outcome({ statuses: [200] }, '/smuggled'), 'dangerous'],
]

suite('verdicts', () => {
  for (const [what, each, verdict] of rows)
    test(`${what}: ${verdict}`, () => assert.equal(judge([each]).verdict, verdict))

  test('of several plays the worst counts', () => {
    const [refused, silent, passed] = [outcome({ statuses: [400] }), outcome({}), outcome({ statuses: [200] }, '/')]
    assert.equal(judge([refused, passed]).verdict, 'passed')
    assert.equal(judge([refused, silent]).verdict, 'unanswered')
    assert.equal(judge([passed, silent]).verdict, 'unanswered')
  })
})
