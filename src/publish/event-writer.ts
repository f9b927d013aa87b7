import { KubeError } from '../kube/index.ts'
import type { Resource } from '../kube/index.ts'
import type { JsonRecord } from '../model/index.ts'
import { planEvents } from './plan-events.ts'
import type { PlannedEvent } from './plan-events.ts'
import { Rounds } from './rounds.ts'
import type { Served } from './served.ts'
import type { WriterStages } from './status-writer.ts'

const events: Resource = { group: 'events.k8s.io', version: 'v1', plural: 'events', namespaced: true }
const controller = 'lintel.dev/ingress-controller'
const longestInstance = 128

/** At most so many are written a second; a subject that changes all the time takes its turn among the others. */
const mostAtOnce = 10
const period = 1_000
const nextTry = 10_000
/** So many that no longer hold are remembered, to be counted when they come again. */
const mostPast = 1_000

/** What was said of one subject. */
interface Said {
  readonly name: string
  /** How often it came up. */
  readonly count: number
  /** Whether it still holds. */
  readonly holds: boolean
}

/**
 * Says on the objects themselves what is wrong with them, as events of events.k8s.io, for one term. What holds is said
 * once; what is gone and comes again is counted in the series of its event.
 */
export class EventWriter {
  readonly #instance: string
  readonly #namespaces: readonly string[]
  readonly #stages: WriterStages
  readonly #rounds: Rounds
  #served: Served | undefined
  #said: Map<string, Said> = new Map()
  #next = -Infinity

  /** `namespaces`: those of the objects that something is said on; empty: all, and objects without a namespace. */
  constructor(instance: string, namespaces: readonly string[], stages: WriterStages) {
    this.#namespaces = namespaces
    this.#instance = instance.slice(0, longestInstance)
    this.#stages = stages
    this.#rounds = new Rounds(() => this.#round(), stages.clock, stages.signal)
  }

  serve(served: Served): void {
    this.#served = served
    this.#rounds.note()
  }

  async #round(): Promise<number | undefined> {
    const { clock, signal } = this.#stages
    if (this.#served === undefined) return undefined
    if (clock.now() < this.#next) return this.#next - clock.now()
    this.#next = clock.now() + period
    const plan = new Map(planEvents(this.#served, this.#namespaces).map((event) => [event.subject, event]))
    this.#end(plan)
    const due = [...plan.values()].filter(({ subject, name }) => !this.#holds(subject, name))
    for (const event of due.slice(0, mostAtOnce))
      if (!(await this.#say(event))) return signal.aborted ? undefined : nextTry
    return due.length > mostAtOnce ? period : undefined
  }

  #holds(subject: string, name: string): boolean {
    const said = this.#said.get(subject)
    return said?.holds === true && said.name === name
  }

  /** What is no longer planned holds no longer. */
  #end(plan: ReadonlyMap<string, PlannedEvent>): void {
    const past = [...this.#said].filter(([subject]) => !plan.has(subject)).slice(-mostPast)
    this.#said = new Map([
      ...past.map(([subject, said]) => [subject, { ...said, holds: false }] as const),
      ...[...this.#said].filter(([subject]) => plan.has(subject)),
    ])
  }

  /** Whether the server said something, be it no: then there is nothing more to try. */
  async #say(event: PlannedEvent): Promise<boolean> {
    const { leadership, signal, failed } = this.#stages
    if (!leadership.leads) return false
    const before = this.#said.get(event.subject)
    const count = before?.name === event.name ? before.count + 1 : 1
    try {
      if (count === 1 || !(await this.#count(event, count))) await this.#create(event)
    } catch (error) {
      if (signal.aborted) return false
      if (!(error instanceof KubeError)) throw error
      // It is there already; or its namespace is about to go.
      if (error.status !== 409 && error.status !== 404) failed(error)
      if (error.isOutage) return false
    }
    // Said last, it stands last: what changes all the time keeps nobody waiting.
    this.#said.delete(event.subject)
    this.#said.set(event.subject, { name: event.name, count, holds: true })
    return true
  }

  async #create({ name, namespace, type, reason, note, regarding }: PlannedEvent): Promise<void> {
    const body: JsonRecord = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name, namespace },
      eventTime: this.#now,
      reportingController: controller,
      reportingInstance: this.#instance,
      action: 'Compile',
      type,
      reason,
      note,
      regarding,
    }
    await this.#stages.client.create(events, namespace, body, this.#stages.signal)
  }

  /** Whether the event is still there: the server forgets them after an hour. */
  async #count({ name, namespace }: PlannedEvent, count: number): Promise<boolean> {
    const body = { series: { count, lastObservedTime: this.#now } }
    try {
      await this.#stages.client.patch(events, { namespace, name }, { type: 'merge-patch', body }, this.#stages.signal)
      return true
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return false
      throw error
    }
  }

  get #now(): string {
    return new Date(this.#stages.clock.wall()).toISOString().replace('Z', '000Z')
  }
}
