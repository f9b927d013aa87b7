import { Deadlines } from '../../src/base/index.ts'
import type { Clock } from '../../src/base/index.ts'
import { ResponseScanner } from '../../src/http/index.ts'
import { Chains, middlewares } from '../../src/middleware/index.ts'
import { defaultSettings } from '../../src/model/index.ts'
import type { AccessLog } from '../../src/model/index.ts'
import { RouterBuilder, UpstreamHeadPrinter } from '../../src/route/index.ts'
import {
  Counts,
  DescriptorBudget,
  Proxy,
  ReadBuffers,
  RetryBudget,
  RoundRobin,
  UpstreamPools,
} from '../../src/serve/index.ts'
import { defaultRoute, routeTable } from './route-table.ts'

/** Connections to upstreams alone. */
export function createPools(
  clock: Clock,
  descriptors: DescriptorBudget = new DescriptorBudget(Infinity, clock),
  deadlines: Deadlines = new Deadlines(clock, 500),
  readBuffers: ReadBuffers = new ReadBuffers(),
): UpstreamPools {
  const settings = defaultSettings
  const scanner = new ResponseScanner({ requestLine: settings.upstreamHead, head: settings.upstreamHead, fields: 256 })
  return new UpstreamPools({ settings, clock, deadlines, scanner, readBuffers, descriptors })
}

/** A proxy that sends every request to these ports of the loopback address, in turn. */
export function createProxy(
  clock: Clock,
  ports: readonly number[],
  log: AccessLog = () => undefined,
  readBuffers: ReadBuffers = new ReadBuffers(),
): Proxy {
  const deadlines = new Deadlines(clock, 500)
  const settings = defaultSettings
  const key = 'default/a:80'
  const endpoints = ports.map((port) => ({ address: '127.0.0.1', port }))
  const backend = { key, namespace: 'default', service: 'a', port: '80', endpoints }
  const serving = {
    router: new RouterBuilder().build(routeTable([], defaultRoute('a'))),
    backends: new Map([[key, backend]]),
  }
  return new Proxy({
    serving: () => serving,
    pools: createPools(clock, undefined, deadlines, readBuffers),
    balancer: new RoundRobin(),
    budget: new RetryBudget(),
    chains: new Chains(middlewares),
    heads: new UpstreamHeadPrinter(settings),
    deadlines,
    settings,
    clock,
    counts: new Counts(),
    log,
  })
}
