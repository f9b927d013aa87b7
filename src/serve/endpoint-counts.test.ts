import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { Backend } from '../model/index.ts'
import { EndpointCounts, endpointKey } from './endpoint-counts.ts'

function backend(key: string, ...ports: number[]): Backend {
  const endpoints = ports.map((port) => ({ address: '10.0.0.1', port }))
  return { key, namespace: 'default', service: key, port: '80', endpoints }
}

const map = (...backends: Backend[]): Map<string, Backend> => new Map(backends.map((each) => [each.key, each]))

test('endpointKey() puts IPv6 into brackets', () => {
  assert.deepEqual(
    [endpointKey({ address: '10.0.0.1', port: 80 }), endpointKey({ address: 'fd00::1', port: 80 })],
    ['10.0.0.1:80', '[fd00::1]:80'],
  )
})

test('an endpoint is lost with the last backend that has it, and is not while it only changes hands', () => {
  const counts = new EndpointCounts()
  assert.equal(counts.has('10.0.0.1:9'), true, 'nothing is known yet')
  const [a, b] = [backend('a', 1, 2), backend('b', 2, 3)]
  assert.deepEqual(counts.use(map(a, b)), [])
  assert.equal(counts.has('10.0.0.1:9'), false)
  assert.deepEqual(counts.use(map(backend('a', 1), b)), [])
  assert.deepEqual(counts.use(map(backend('a', 3), backend('b', 1))).toSorted(), ['10.0.0.1:2'])
  assert.deepEqual(counts.use(map()).toSorted(), ['10.0.0.1:1', '10.0.0.1:3'])
})

test('whatever changes, the endpoints that count are those of the backends that there are', () => {
  const backends = fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), fc.array(fc.nat({ max: 5 }), { maxLength: 4 }))
    .map((each) => map(...Object.entries(each).map(([key, ports]) => backend(key, ...ports))))
  fc.assert(
    fc.property(fc.array(backends, { minLength: 1, maxLength: 8 }), (history) => {
      const counts = new EndpointCounts()
      let before = new Set<string>()
      for (const each of history) {
        const lost = new Set(counts.use(each))
        const now = new Set([...each.values()].flatMap(({ endpoints }) => endpoints.map(endpointKey)))
        for (let port = 0; port <= 5; port++)
          assert.equal(counts.has(`10.0.0.1:${port}`), now.has(`10.0.0.1:${port}`), `port ${port}`)
        assert.deepEqual([...lost].toSorted(), [...before].filter((key) => !now.has(key)).toSorted())
        before = now
      }
    }),
    { seed: 20_261_126 },
  )
})
