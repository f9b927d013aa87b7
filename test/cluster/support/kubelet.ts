import { setTimeout as pause } from 'node:timers/promises'

import { ApiError } from './api-client.ts'
import type { ApiClient, WatchEvent } from './api-client.ts'
import { PodProcess } from './pod-process.ts'
import type { Pod } from './pod-process.ts'
import { placeOf } from './resources.ts'

export const nodeName = 'node-1'
const nodeAddress = '10.244.0.1'

const retryPace = 100

/** Scheduler and kubelet of the one node: binds each pod, runs its process, tells of it, and clears it away. */
export class Kubelet {
  readonly #api: ApiClient
  readonly #stopped = new AbortController()
  readonly #running = new Map<string, PodProcess>()
  /** A pod that is deleted serves on for so many milliseconds: news of it has to travel. */
  lastMoment = 300
  /** Paths of all POSTs that reached a pod, as often as they did. */
  readonly posts: string[] = []
  #addresses = 0
  #following: Promise<void> | undefined

  constructor(api: ApiClient) {
    this.#api = api
  }

  /** Without the Node object its endpoints would be left out. */
  async start(): Promise<void> {
    await this.#api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName } })
    const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'as ever' }]
    const status = { conditions, addresses: [{ type: 'InternalIP', address: nodeAddress }] }
    await this.#api.patch({ kind: 'Node', name: nodeName, subresource: 'status' }, { status })
    this.#following = this.#follow()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#following
    await Promise.all([...this.#running.values()].map((process) => process.end('SIGKILL')))
  }

  /** The process of a pod: to be killed as a machine that fails would, with nobody to tell of it. */
  processOf({ metadata }: Pod): PodProcess {
    const process = this.#running.get(metadata.uid ?? '')
    if (process === undefined) throw new Error(`pod ${metadata.name} does not run`)
    return process
  }

  /** Tells that its readiness probe passes, or fails. */
  async tell(pod: Pod, ready: boolean): Promise<void> {
    const process = this.processOf(pod)
    await this.#insist(() => this.#api.patch({ ...placeOf(pod), subresource: 'status' }, statusOf(pod, process, ready)))
  }

  /** Goes on through every fault of the API server. */
  async #follow(): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      try {
        const { items, metadata } = await this.#api.list<Pod>({ kind: 'Pod' })
        for (const object of items) this.#take({ type: 'ADDED', object })
        const from = { resourceVersion: metadata.resourceVersion }
        for await (const event of this.#api.watch<Pod>({ kind: 'Pod' }, from, signal)) this.#take(event)
      } catch {
        await pause(retryPace)
      }
    }
  }

  #take({ type, object: pod }: WatchEvent<Pod>): void {
    if (type === 'DELETED') void this.#drop(pod)
    if (type !== 'ADDED' && type !== 'MODIFIED') return
    if (pod.metadata.deletionTimestamp !== undefined) void this.#clear(pod)
    else if (pod.spec.nodeName === undefined) void this.#bind(pod)
    else if (!this.#running.has(pod.metadata.uid ?? '')) void this.#run(pod)
  }

  async #bind(pod: Pod): Promise<void> {
    const { metadata } = pod
    const target = { kind: 'Node', name: nodeName }
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: metadata.name }, target }
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/binding`
    await this.#insist(() => this.#api.ask('POST', path, binding))
  }

  async #run(pod: Pod): Promise<void> {
    const at = ++this.#addresses
    const address = `10.244.${1 + Math.floor(at / 250)}.${1 + (at % 250)}`
    const process = new PodProcess(address, pod, (path) => this.posts.push(path))
    this.#running.set(pod.metadata.uid ?? '', process)
    if (await process.listening()) await this.tell(pod, true)
  }

  async #clear(pod: Pod): Promise<void> {
    const process = this.#running.get(pod.metadata.uid ?? '')
    if (process === undefined) return
    this.#running.delete(pod.metadata.uid ?? '')
    await pause(this.lastMoment)
    await process.end('SIGTERM')
    await this.#insist(() => this.#api.remove(placeOf(pod), { gracePeriodSeconds: 0 }))
  }

  /** Deleted by somebody who did not wait for us. */
  async #drop({ metadata }: Pod): Promise<void> {
    const process = this.#running.get(metadata.uid ?? '')
    this.#running.delete(metadata.uid ?? '')
    await process?.end('SIGKILL')
  }

  /** Until the API server has heard it. What it refuses is somebody else's doing: the object is gone or has changed. */
  async #insist(tell: () => Promise<unknown>): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await tell()
        return
      } catch (error) {
        if (error instanceof ApiError && error.status < 500) return
        await pause(retryPace)
      }
    }
  }
}

function statusOf({ spec }: Pod, { address }: PodProcess, ready: boolean): object {
  const now = new Date().toISOString().replace(/\.\d+/, '')
  const types = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready']
  const isTrue = (type: string): boolean => ready || !type.endsWith('Ready')
  const conditions = types.map((type) => ({ type, status: isTrue(type) ? 'True' : 'False', lastTransitionTime: now }))
  const containerStatuses = spec.containers.map(({ name, image }) => ({
    name,
    image,
    imageID: '',
    ready,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: now } },
  }))
  const addresses = { podIP: address, podIPs: [{ ip: address }], hostIP: nodeAddress }
  return { status: { phase: 'Running', startTime: now, ...addresses, conditions, containerStatuses } }
}
