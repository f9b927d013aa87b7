import type { Clock, Deadlines } from '../base/index.ts'
import type { ResponseScanner } from '../http/index.ts'
import type { Settings } from '../model/index.ts'
import type { DescriptorBudget } from './descriptor-budget.ts'
import type { ReadBuffers } from './read-buffers.ts'

/** What the connections of a worker to its upstreams share. */
export interface UpstreamContext {
  readonly settings: Settings
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly scanner: ResponseScanner
  readonly readBuffers: ReadBuffers
  readonly descriptors: DescriptorBudget
}
