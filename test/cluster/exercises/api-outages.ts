import { longest } from '../../failure/exercises/findings.ts'
import type { Course, Figure, Findings } from '../../failure/exercises/findings.ts'
import { offerLoad, printFailures } from '../../failure/exercises/scene.ts'
import { ask } from '../../support/http-client.ts'
import type { Lintel } from '../../support/lintel.ts'
import type { Load } from '../../support/load.ts'
import { untilAnswered } from '../support/answers.ts'
import type { Back } from '../support/answers.ts'
import { apiServerPort } from '../support/cluster.ts'
import type { Cluster } from '../support/cluster.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { startReplica } from '../support/replica.ts'
import { makeRoute } from '../support/routes.ts'
import { untilTrue } from '../support/until.ts'
import { openLoadRoute } from './load-route.ts'

const rate = 100
const namespace = 'outages'

/** A cluster with a Lintel that is asked all the time, and what it asks. */
interface Stage {
  readonly cluster: Cluster
  readonly lintel: Lintel
  readonly load: Load
  readonly proxy: FaultProxy
}

/** A way in which an API server fails, or what lies before it. */
interface Outage {
  readonly name: string
  /** It answers all the while: whoever reads everything anew may ask for it at once. */
  readonly isSlow?: true
  /** It goes on where nobody hears of it: what is made there meanwhile is served after the outage, and not before. */
  readonly isApart?: true
  /** It is away when the promise resolves. */
  begin(stage: Stage): Promise<unknown>
  /** It says that it is ready when the promise resolves. */
  end(stage: Stage): Promise<unknown>
}

const outages: readonly Outage[] = [
  {
    name: 'killed',
    begin: ({ cluster: { apiServer } }) => apiServer.kill(),
    end: ({ cluster: { apiServer } }) => apiServer.start(),
  },
  {
    name: 'hanging',
    begin: ({ cluster: { apiServer } }) => Promise.resolve(apiServer.hold()),
    end: ({ cluster: { apiServer } }) => Promise.resolve(apiServer.release()),
  },
  {
    name: '410 on every watch',
    begin: async ({ cluster: { apiServer, etcd } }) => {
      await apiServer.kill()
      await etcd.advance(200)
      await etcd.compact()
    },
    end: ({ cluster: { apiServer } }) => apiServer.start(),
  },
  {
    name: 'older data',
    begin: (stage) => loseHistory(stage, 500),
    end: ({ cluster }) => cluster.startAnew(),
  },
  {
    name: 'older data, whose versions soon go beyond those that were lost',
    begin: (stage) => loseHistory(stage, 0),
    end: ({ cluster }) => cluster.startAnew(),
  },
  {
    name: 'connections that are cut where an answer begins',
    isApart: true,
    begin: ({ proxy }) => {
      proxy.fault = () => ({ after: beginning, action: 'cut' })
      return Promise.resolve(proxy.cut())
    },
    end: ({ proxy }) => {
      proxy.fault = () => undefined
      return Promise.resolve()
    },
  },
  {
    name: 'connections on which nothing passes',
    isApart: true,
    begin: ({ proxy }) => Promise.resolve(proxy.hold()),
    end: ({ proxy }) => Promise.resolve(proxy.release()),
  },
  {
    name: 'connections on which each answer takes a second',
    isSlow: true,
    begin: ({ proxy }) => {
      proxy.delay = 1_000
      return Promise.resolve(proxy.cut())
    },
    end: ({ proxy }) => {
      proxy.delay = 0
      return Promise.resolve()
    },
  },
]

/** So many octets are less than the head of an answer. */
const beginning = 100
const lost = 'lost'

/** Brings back data that know nothing of a route that is served, nor of so many versions before it. */
async function loseHistory(stage: Stage, revisions: number): Promise<void> {
  const { cluster } = stage
  const saved = cluster.etcd.save()
  await cluster.etcd.advance(revisions)
  await cluster.admin.create(routeOf(lost))
  await untilSays(stage, lost, 200)
  await cluster.restore(saved)
}

/** What one outage was like. Milliseconds. */
interface Passed {
  readonly name: string
  /** From when it was to come back until it answered a list and a watch, took a change, and said that it is ready. */
  readonly answered: number
  readonly changed: number
  readonly ready: number
  /** From when it answered, or took the change, until Lintel served accordingly. */
  readonly live: number
  /** Requests a second to the API server while it was away, without the first second. */
  readonly rate: number
  readonly faults: readonly string[]
}

/**
 * Takes a real API server away under load for so many seconds, in each way at least once: no request fails, few are
 * made, and all is well soon after it answers again.
 */
export async function loseRealApiServer(cluster: Cluster, course: Course, seconds: number): Promise<Findings> {
  const stage = await openStage(cluster, course)
  await stage.load.answered(20)
  const all: Passed[] = []
  for (let round = 0; round < outages.length || course.goesOn(round); round++) {
    const outage = outages[round % outages.length]
    if (outage !== undefined) all.push(await passThrough(stage, outage, { round, seconds }))
  }
  const ledger = await stage.load.stop()
  return {
    figures: [
      { name: `outages of ${seconds} s`, value: all.length, unit: '' },
      { name: 'requests under load', value: ledger.length, unit: '' },
      ...outages.flatMap((outage) => figuresOf(outage, all)),
    ],
    faults: [...printFailures(ledger), ...all.flatMap(({ faults }) => faults)],
  }
}

async function openStage(cluster: Cluster, course: Course): Promise<Stage> {
  await openLoadRoute(cluster, course, namespace, '10.244.200.1')
  const proxy = new FaultProxy(apiServerPort, { certificate: cluster.authority })
  await proxy.open()
  course.after(() => proxy.close())
  const lintel = await startReplica(cluster, namespace, ['--workers', '2'], { server: proxy.url })
  course.after(() => lintel.stop('SIGKILL'))
  const load = offerLoad(lintel, { rate })
  course.after(() => load.stop())
  return { cluster, lintel, load, proxy }
}

/** Time is told by the load. */
async function passThrough(
  stage: Stage,
  outage: Outage,
  { round, seconds }: { readonly round: number; readonly seconds: number },
): Promise<Passed> {
  const names = { after: `round-${round}`, meanwhile: outage.isApart && `meanwhile-${round}` }
  await outage.begin(stage)
  const begun = performance.now()
  if (names.meanwhile !== undefined) await stage.cluster.admin.create(routeOf(names.meanwhile))
  await stage.load.answered(seconds * rate)
  const isHeard = names.meanwhile !== undefined && (await statusOf(stage, names.meanwhile)) !== 404
  const ending = performance.now()
  const ended = outage.end(stage).then(() => performance.now())
  const [ready, { at, awayUntil, changed, live }] = await Promise.all([ended, comeBack(stage, names)])
  const away = { from: begun + 1_000, to: Math.max(ending, awayUntil) }
  const requests = stage.proxy.times.filter((time) => time > away.from && time < away.to).length
  return {
    name: outage.name,
    answered: at - ending,
    changed: changed - ending,
    ready: ready - ending,
    live,
    rate: requests / ((away.to - away.from) / 1_000),
    faults: isHeard ? [`${outage.name}: what was made meanwhile was heard of`] : [],
  }
}

interface Followed extends Back {
  /** When it took the change. */
  readonly changed: number
  readonly live: number
}

/** Routes that are made: once the API server is back, and while it was away. */
interface Made {
  readonly after: string
  readonly meanwhile: string | undefined
}

/** Changes something as soon as the API server answers; resolves when Lintel serves all that it has, and nothing that was lost. */
async function comeBack(stage: Stage, { after, meanwhile }: Made): Promise<Followed> {
  const back = await untilAnswered(stage.cluster)
  const told = [untilSays(stage, lost, 404), ...(meanwhile === undefined ? [] : [untilSays(stage, meanwhile, 200)])]
  await untilTrue('a route is made', () => isMade(stage.cluster, after))
  const changed = performance.now()
  const served = await untilSays(stage, after, 200)
  return { ...back, changed, live: Math.max(served - changed, ...(await Promise.all(told)).map((at) => at - back.at)) }
}

/** A server that answers lists may still refuse what is new. */
async function isMade({ admin }: Cluster, name: string): Promise<boolean> {
  return admin.apply(routeOf(name)).then(
    () => true,
    () => false,
  )
}

function routeOf(name: string): ReturnType<typeof makeRoute> {
  return makeRoute(name, namespace, `${name}.test`, 'load')
}

/** Resolves with the time of that. */
async function untilSays(stage: Stage, name: string, wanted: number): Promise<number> {
  await untilTrue(`${name}: ${wanted}`, async () => (await statusOf(stage, name)) === wanted)
  return performance.now()
}

async function statusOf({ lintel }: Stage, name: string): Promise<number> {
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  return (await ask(ports, { method: 'GET', url: `http://${name}.test/x` })).status
}

function figuresOf({ name, isSlow }: Outage, all: readonly Passed[]): Figure[] {
  const own = all.filter((passed) => passed.name === name)
  const most = Math.max(...own.map(({ rate: requests }) => requests))
  const took = (what: string, time: 'answered' | 'changed' | 'ready' | 'live', limit?: number): Figure =>
    longest(
      `${name}: ${what}`,
      own.map((passed) => passed[time]),
      limit,
    )
  return [
    {
      name: `${name}: requests to the API server meanwhile, after a second`,
      value: most,
      unit: '/s',
      ...(isSlow !== true && { most: 1 }),
    },
    took('the API server answers a list and a watch after', 'answered'),
    took('it takes a change after', 'changed'),
    took('it says that it is ready after', 'ready'),
    took('Lintel serves what it says within', 'live', 5_000),
  ]
}
