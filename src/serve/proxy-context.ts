import type { Clock, Deadlines } from '../base/index.ts'
import type { Chains } from '../middleware/index.ts'
import type { AccessLog, Backend, BackendKey, Settings } from '../model/index.ts'
import type { Router, UpstreamHeadPrinter } from '../route/index.ts'
import type { RoundRobin } from './balance/index.ts'
import type { Counts } from './counts.ts'
import type { RetryBudget } from './retry-budget.ts'
import type { UpstreamPools } from './upstream-pools.ts'

/** What requests are decided by at one moment. A request keeps what it began with. */
export interface Serving {
  readonly router: Router
  readonly backends: ReadonlyMap<BackendKey, Backend>
}

/** What all exchanges of a worker share. */
export interface ProxyContext {
  readonly serving: () => Serving
  readonly pools: UpstreamPools
  readonly balancer: RoundRobin
  readonly budget: RetryBudget
  readonly chains: Chains
  readonly heads: UpstreamHeadPrinter
  readonly deadlines: Deadlines
  readonly settings: Settings
  readonly clock: Clock
  readonly counts: Counts
  /** Undefined: nothing is logged. */
  readonly log: AccessLog | undefined
}
