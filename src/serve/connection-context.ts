import type { Clock, Deadlines } from '../base/index.ts'
import type { RequestScanner } from '../http/index.ts'
import type { AccessLog, Exchange, Settings } from '../model/index.ts'
import type { Counts } from './counts.ts'
import type { DescriptorBudget } from './descriptor-budget.ts'
import type { ReadBuffers } from './read-buffers.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

/** What all connections of a worker share. */
export interface ConnectionContext {
  /** Changes when the ConfigMap does; so do those that are trusted. */
  settings: Settings
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly scanner: RequestScanner
  /** Believed when they say for whom they ask. */
  proxies: TrustedProxies
  /** May introduce clients by the PROXY protocol. */
  introducers: TrustedProxies
  readonly readBuffers: ReadBuffers
  readonly descriptors: DescriptorBudget
  readonly counts: Counts
  /** Undefined: nothing is logged. */
  readonly log: AccessLog | undefined
  readonly newRequestId: () => string
  readonly httpDate: () => string
  /** Called for each request whose head is good. */
  readonly onExchange: (exchange: Exchange) => void
  /** Whether the worker is draining: answers then announce `Connection: close`. */
  draining: boolean
}
