import type { ObjectName } from '../kube/index.ts'

/** What is written to a cluster, and where from. Plain data. */
export interface PublishOptions {
  /** Those that are watched; empty: all. Nothing is said on an object in any other, nor on one that stands in none. */
  readonly namespaces: readonly string[]
  /** The name of the Lease. */
  readonly electionId: string
  /** Of our own pod, where there is one. */
  readonly podNamespace: string | undefined
  readonly podName: string | undefined
  /** IP addresses and host names at which clients reach us; they go before everything else. */
  readonly addresses: readonly string[]
  /** The Service in front of us. */
  readonly service: ObjectName | undefined
  /** Nodes are named by their internal addresses, though they have external ones. */
  readonly internalAddresses: boolean
}
