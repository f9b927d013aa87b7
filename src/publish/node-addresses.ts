import { KubeError, Reflector } from '../kube/index.ts'
import type { ObjectName, Resource } from '../kube/index.ts'
import type { JsonRecord, KindDescriptor } from '../model/index.ts'
import type { AddressSource, AddressStages } from './address-source.ts'
import { addressOfNode, inOrder, listOf, recordOf } from './address.ts'
import type { Address } from './address.ts'
import { Rounds } from './rounds.ts'

const pods: KindDescriptor = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }
const nodes: Resource = { group: '', version: 'v1', plural: 'nodes', namespaced: false }

/** A node is asked for again after so long: its addresses hardly ever change. */
const nodeLife = 600_000
const nextTry = 10_000

/** Labels that differ between pods of one installation. */
const ownLabels = new Set(['pod-template-hash', 'controller-revision-hash', 'pod-template-generation'])

/**
 * Addresses of the nodes on which ready pods with the labels of ours run. While there is none, those that were known stay: a
 * lone replica that starts leads before it is seen to be ready.
 */
export class NodeAddresses implements AddressSource {
  readonly #pod: ObjectName
  readonly #internal: boolean
  readonly #stages: AddressStages
  #pods: Reflector | undefined
  readonly #nodes = new Map<string, { readonly address: Address | undefined; readonly until: number }>()
  current: readonly Address[] | undefined

  constructor(pod: ObjectName, internal: boolean, stages: AddressStages) {
    this.#pod = pod
    this.#internal = internal
    this.#stages = stages
  }

  run(changed: () => void, signal: AbortSignal): void {
    const rounds: Rounds = new Rounds(
      () => this.#round(changed, () => rounds.note(), signal),
      this.#stages.clock,
      signal,
    )
    rounds.note()
  }

  async #round(changed: () => void, again: () => void, signal: AbortSignal): Promise<number | undefined> {
    try {
      this.#pods ??= await this.#follow(again, signal)
      if (!this.#pods.synced) return undefined
      const found: Address[] = []
      for (const name of nodesOf(this.#pods)) found.push(...(await this.#address(name, signal)))
      if (found.length > 0) this.current = inOrder(found)
      changed()
      return nodeLife
    } catch (error) {
      if (signal.aborted) return undefined
      if (!(error instanceof KubeError)) throw error
      this.#stages.failed(error)
      return nextTry
    }
  }

  /** Pods that carry all labels of ours; without any, ours alone. */
  async #follow(changed: () => void, signal: AbortSignal): Promise<Reflector> {
    const { client, clock, random, failed } = this.#stages
    const { namespace, name } = this.#pod
    const { metadata } = await client.get(pods, this.#pod, signal)
    const labels = Object.entries(recordOf(recordOf(metadata)['labels'])).flatMap(([label, value]) =>
      ownLabels.has(label) || typeof value !== 'string' ? [] : [`${label}=${value}`],
    )
    const chosen = labels.length > 0 ? { labelSelector: labels.join(',') } : { fieldSelector: `metadata.name=${name}` }
    const target = { kind: pods, scope: { namespace, ...chosen }, optional: false }
    const reflector = new Reflector(target, client, { clock, random }, { changed, failed })
    void reflector.run(signal)
    return reflector
  }

  async #address(name: string, signal: AbortSignal): Promise<Address[]> {
    const { client, clock } = this.#stages
    const known = this.#nodes.get(name)
    if (known !== undefined && clock.now() < known.until) return known.address === undefined ? [] : [known.address]
    const node = await client
      .get(nodes, { namespace: '', name }, signal)
      .catch((error: unknown) => ignoreMissing(error, name))
    const address = node && addressOfNode(node, this.#internal)
    this.#nodes.set(name, { address, until: clock.now() + nodeLife })
    return address === undefined ? [] : [address]
  }
}

function ignoreMissing(error: unknown, name: string): undefined {
  if (!(error instanceof KubeError && error.saysMissing(name))) throw error
}

/** In the order of names, so that pods that come and go change nothing. */
function nodesOf(reflector: Reflector): string[] {
  const names = reflector.list().flatMap(({ value }) => {
    const { nodeName } = recordOf(value['spec'])
    return isReady(value) && typeof nodeName === 'string' ? [nodeName] : []
  })
  return [...new Set(names)].toSorted()
}

function isReady({ metadata, status }: JsonRecord): boolean {
  const conditions = listOf(recordOf(status)['conditions']).map(recordOf)
  const ready = conditions.some(({ type, status: state }) => type === 'Ready' && state === 'True')
  return ready && recordOf(metadata)['deletionTimestamp'] === undefined
}
