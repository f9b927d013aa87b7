import { KubeError } from '../kube/index.ts'
import type { Resource } from '../kube/index.ts'
import type { JsonRecord } from '../model/index.ts'
import { recordOf } from './address.ts'
import { areAlike, EventPlanner } from './plan-events.ts'
import type { EventPlan, PlannedEvent } from './plan-events.ts'
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
const nextTryRefused = 60_000
/** The server forgets an Event after an hour; a leader that takes over in between renews it in time too. */
const renewal = 1_500_000
/** So many that no longer hold are remembered, to be counted when they come again. */
const mostPast = 1_000

/** What was said of one subject. */
interface Said {
  readonly name: string
  /** How often the server counts it: 0 if it has refused it, undefined if it was said in another term and never asked since. */
  readonly count: number | undefined
  /** Whether it still holds. */
  readonly holds: boolean
  /** When there is something to do again, if it holds until then. */
  readonly next: number
}

/**
 * Says on the objects themselves what is wrong with them, as events of events.k8s.io, for one term. What holds is said
 * once, and counted in the series of its event before the server would forget it, as is what is gone and comes again.
 */
export class EventWriter {
  readonly #instance: string
  readonly #planner: EventPlanner
  readonly #stages: WriterStages
  readonly #rounds: Rounds
  #served: Served | undefined
  #said: Map<string, Said> = new Map()
  #nextRound = -Infinity

  /** `namespaces`: those of the objects that something is said on; empty: all, and objects without a namespace. */
  constructor(instance: string, namespaces: readonly string[], stages: WriterStages) {
    this.#planner = new EventPlanner(namespaces)
    this.#instance = instance.slice(0, longestInstance)
    this.#stages = stages
    this.#rounds = new Rounds(() => this.#round(), stages.clock, stages.signal)
  }

  /** Endpoints that change, and of which there is nothing to say, cost nothing. */
  serve(served: Served): void {
    const last = this.#served
    this.#served = served
    if (last === undefined || !areAlike(last, served)) this.#rounds.note()
  }

  async #round(): Promise<number | undefined> {
    const { clock, signal } = this.#stages
    if (this.#served === undefined) return undefined
    if (clock.now() < this.#nextRound) return this.#nextRound - clock.now()
    this.#nextRound = clock.now() + period
    const plan = this.#planner.plan(this.#served)
    this.#end(plan)
    const due = [...plan.values()]
      .filter((event) => this.#isDue(event))
      .toSorted((a, b) => this.#next(a) - this.#next(b))
    for (const event of due.slice(0, mostAtOnce))
      if (!(await this.#say(event))) return signal.aborted ? undefined : nextTry
    if (due.length > mostAtOnce) return period
    const next = [...plan.values()].reduce((first, event) => Math.min(first, this.#next(event)), Infinity)
    return next === Infinity ? undefined : next - clock.now()
  }

  #isDue(event: PlannedEvent): boolean {
    const said = this.#said.get(event.subject)
    return said?.holds !== true || said.name !== event.name || said.next <= this.#stages.clock.now()
  }

  /** What was never said comes first, what was said last comes last: what changes all the time keeps nobody waiting. */
  #next({ subject }: PlannedEvent): number {
    return this.#said.get(subject)?.next ?? -Infinity
  }

  /** What is no longer planned holds no longer. */
  #end(plan: EventPlan): void {
    const past = [...this.#said].filter(([subject]) => !plan.has(subject)).slice(-mostPast)
    this.#said = new Map([
      ...past.map(([subject, said]) => [subject, { ...said, holds: false }] as const),
      ...[...this.#said].filter(([subject]) => plan.has(subject)),
    ])
  }

  /** Whether the server said something. If it was no, it is asked again later: rights may be mended. */
  async #say(event: PlannedEvent): Promise<boolean> {
    const { leadership, signal, failed } = this.#stages
    if (!leadership.leads) return false
    const before = this.#said.get(event.subject)
    const count = before?.name === event.name ? before.count : 0
    try {
      const counted = count === 0 ? undefined : await this.#count(event, count)
      this.#note(event, counted ?? (await this.#create(event)), renewal)
    } catch (error) {
      if (signal.aborted) return false
      if (!(error instanceof KubeError)) throw error
      // Its namespace is about to go.
      if (error.status !== 404) failed(error, event.about)
      if (error.isOutage) return false
      this.#note(event, count, nextTryRefused)
    }
    return true
  }

  /** Noted last, it stands last, and is remembered longest when it is past. */
  #note({ subject, name }: PlannedEvent, count: number | undefined, due: number): void {
    this.#said.delete(subject)
    this.#said.set(subject, { name, count, holds: true, next: this.#stages.clock.now() + due })
  }

  /** How often the server counts it; undefined if it was there already. */
  async #create({ name, namespace, type, reason, note, regarding }: PlannedEvent): Promise<number | undefined> {
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
    try {
      await this.#stages.client.create(events, namespace, body, this.#stages.signal)
      return 1
    } catch (error) {
      if (error instanceof KubeError && error.status === 409) return undefined
      throw error
    }
  }

  /** Counts it once more; undefined if it is no longer there. What has nothing to change reads, and takes no right to read. */
  async #count(event: PlannedEvent, known: number | undefined): Promise<number | undefined> {
    try {
      const count = (known ?? countOf(await this.#patch(event, {}))) + 1
      await this.#patch(event, { series: { count, lastObservedTime: this.#now } })
      return count
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined
      throw error
    }
  }

  #patch({ name, namespace }: PlannedEvent, body: JsonRecord): Promise<JsonRecord> {
    const { client, signal } = this.#stages
    return client.patch(events, { namespace, name }, { type: 'merge-patch', body }, signal)
  }

  get #now(): string {
    return new Date(this.#stages.clock.wall()).toISOString().replace('Z', '000Z')
  }
}

function countOf({ series }: JsonRecord): number {
  const { count } = recordOf(series)
  return typeof count === 'number' ? count : 1
}
