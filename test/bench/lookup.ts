/** Prints what a routing decision costs in a table of 10,000 hosts, each drawn as often as the others. */
import { performance } from 'node:perf_hooks'

import type { RequestHead } from '../../src/http/index.ts'
import { RouterBuilder } from '../../src/route/index.ts'
import { requestHead } from '../support/request-head.ts'
import { hostTable, routeTable } from '../support/route-table.ts'

const hostCount = 10_000
/** Without a common divisor with the number of hosts, so that every host has its turn. */
const stride = 7_919
const batchSize = 50
const batches = 2_000
const samples = 5

const table = routeTable(
  Array.from({ length: hostCount }, (_, at) =>
    hostTable(`${at % 10 === 0 ? '*' : 'www'}.host-${at}.example.com`, [
      { type: 'Prefix', path: '/' },
      { type: 'Prefix', path: '/api' },
      { type: 'Exact', path: '/api/v1/health' },
    ]),
  ),
)
const router = new RouterBuilder().build(table)

/** Requests as the scanner makes them: every string is new, none shares its hash with the table. */
function drawRequests(path: string, batch: number): RequestHead[] {
  return Array.from({ length: batchSize }, (_, at) => {
    const host = ((batch * batchSize + at) * stride) % hostCount
    return requestHead(fresh(`www.host-${host}.example.com`), fresh(path))
  })
}

function fresh(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/** Nanoseconds a decision. Requests are made outside of the clock, few at a time: those that come in are never cold. */
function measure(path: string): number {
  let spent = 0
  for (let batch = 0; batch < batches; batch++) {
    const requests = drawRequests(path, batch)
    const start = performance.now()
    for (const request of requests) if (router.decide(request).route === undefined) throw new Error(`no route: ${path}`)
    spent += performance.now() - start
  }
  return (spent * 1e6) / (batches * batchSize)
}

for (const path of ['/', '/api/v1/health', '/api/v2/users/42/orders', '/search/%E2%82%AC']) {
  const figures = Array.from({ length: samples }, () => measure(path)).toSorted((a, b) => a - b)
  const [least = 0, middle = 0, most = 0] = [figures[0], figures[samples >> 1], figures.at(-1)]
  console.log(`${path.padEnd(28)} ${middle.toFixed(0)} ns a decision (${least.toFixed(0)} to ${most.toFixed(0)})`)
}
