import assert from 'node:assert/strict'
import { test } from 'node:test'

import { cpuTime, parseEndedChildren, parseMachineStat, parseSchedstat } from './cpu-time.ts'

const isLinux = process.platform === 'linux'

test('parseSchedstat() reads the nanoseconds on a core', () => {
  assert.equal(parseSchedstat('160474649 13561108 468\n'), 160_474_649)
})

test('parseMachineStat() adds what ran and leaves out what idled or waited', () => {
  const text = 'cpu  10 20 30 4000 500 6 7 8 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n'
  assert.deepEqual(parseMachineStat(text), { busy: 73, stolen: 8 })
})

test('parseEndedChildren() is not led astray by a name', () => {
  const text = '7 (a) b) 1 2) S 1 7 7 0 -1 4194304 100 0 0 0 5 6 70 80 20 0 1 0 900 1 1'
  assert.equal(parseEndedChildren(text), 150)
})

test('cpuTime() grows with work', { skip: isLinux ? false : 'reads /proc' }, () => {
  const before = cpuTime([process.pid])
  let last = performance.now()
  for (const end = last + 20; last < end;) last = performance.now()
  const spent = cpuTime([process.pid]) - before
  assert.ok(spent > 0.000_1, `${spent} s for 20 ms of work`)
})
