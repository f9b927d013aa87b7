import assert from 'node:assert/strict'
import { test } from 'node:test'

import { printExposition } from './exposition.ts'
import type { Facts } from './facts.ts'
import type { Metric } from './metric.ts'
import { metrics } from './metrics.ts'

const nothing: Facts = {
  ready: false,
  process: { cpu: 0.5, resident: 1, heap: 2, descriptors: undefined, started: 3 },
  wanted: 2,
  workers: [],
  table: undefined,
  cluster: undefined,
  admission: undefined,
}

test('printExposition() escapes what the format has a meaning for', () => {
  const metric: Metric = {
    name: 'lintel_x',
    type: 'counter',
    help: 'One \\ line\nor two',
    labels: ['a', 'b'],
    samples: () => [{ labels: ['"q"\\\n', ''], value: 1e21 }],
  }
  assert.equal(
    printExposition([metric], nothing),
    String.raw`# HELP lintel_x One \\ line\nor two
# TYPE lintel_x counter
lintel_x{a="\"q\"\\\n",b=""} 1e+21
`,
  )
})

test('every metric has its head before anything is known, and what is not known has no sample', () => {
  const text = printExposition(metrics, nothing)
  for (const { name, type } of metrics) assert.ok(text.includes(`\n# TYPE ${name} ${type}\n`), name)
  assert.match(text, /^lintel_ready 0$/m)
  assert.match(text, /^lintel_control_cpu_seconds_total 0\.5$/m)
  assert.doesNotMatch(text, /^lintel_(table|watch|api|admission|control_open)/m)
})

test('names are those of Prometheus: lintel_, and _total for counters alone', () => {
  for (const { name, type } of metrics) {
    assert.match(name, /^lintel_[a-z_]+$/)
    assert.equal(name.endsWith('_total'), type === 'counter', name)
  }
  assert.equal(new Set(metrics.map(({ name }) => name)).size, metrics.length)
})
