import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { readStrictly } from '../support/strict-request.ts'
import type { Arrival } from './arrival.ts'
import { attribute } from './attribution.ts'
import { dangersOf } from './dangers.ts'
import { casesOf, get, post, smuggled } from './hostile-case.ts'

const { passed } = casesOf('A')
const plays = [
  { from: '127.1.0.1', one: passed('x-post', 'a request in a body', post(['Content-Length: 41'], smuggled), []) },
  { from: '127.1.0.2', one: passed('x-get', 'a request', get('/'), []) },
]

function arrival(connection: number, line: string, ...fields: readonly string[]): Arrival {
  const head = get('/', ...fields).replace('GET / ', `${line} `)
  const request = readStrictly(head)
  assert.ok(request !== undefined && !('fault' in request))
  return { request, head, connection, service: 'open' }
}

function targetsOf(arrivals: readonly Arrival[]): (readonly [string, readonly (string | undefined)[]])[] {
  return [...attribute(arrivals, plays)].map(([from, own]) => [from, own.map(({ request }) => request?.target)])
}

suite('whose an arrival is', () => {
  test('who is named has it, and what follows without a name on its connection', () => {
    const arrivals = [
      arrival(1, 'POST /', 'X-Real-IP: 127.1.0.1'),
      arrival(2, 'GET /', 'X-Real-IP: 127.1.0.2'),
      arrival(1, 'GET /other'),
    ]
    assert.deepEqual(targetsOf(arrivals), [
      ['127.1.0.1', ['/', '/other']],
      ['127.1.0.2', ['/']],
    ])
  })

  for (const fields of [[], ['X-Real-IP: 127.1.9.9'], ['X-Real-IP: 6.6.6.6']])
    test(`first on its connection, with ${fields.join() || 'no name'}, it is a danger for all who sent its line`, () => {
      const found = attribute([arrival(1, 'GET /smuggled', ...fields)], plays)
      const dangers = plays.map(({ one, from }) => dangersOf(one, from, found.get(from) ?? []).length > 0)
      assert.deepEqual(dangers, [true, false])
    })

  test('what nobody sent ends the campaign', () => {
    assert.throws(() => attribute([arrival(1, 'GET /elsewhere')], plays), /nobody sent it: "GET \/elsewhere/)
  })
})
