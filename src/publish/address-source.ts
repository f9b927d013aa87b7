import type { Clock } from '../base/index.ts'
import type { KubeClient, KubeError, Random } from '../kube/index.ts'
import type { Address } from './address.ts'

/** At which addresses clients reach us. */
export interface AddressSource {
  /** undefined: it is not known, and what was published stays. */
  readonly current: readonly Address[] | undefined
  /** Calls back when the addresses may have changed, until the signal. */
  run(changed: () => void, signal: AbortSignal): void
}

export interface AddressStages {
  readonly client: KubeClient
  readonly clock: Clock
  readonly random: Random
  readonly failed: (error: KubeError) => void
}
