import { cpuTime } from '../../bench/cpu-time.ts'
import { quantile, summarize } from '../../bench/statistics.ts'
import type { Course, Figure, Findings } from '../../failure/exercises/findings.ts'
import { offerLoad } from '../../failure/exercises/scene.ts'
import { ask } from '../../support/http-client.ts'
import type { Lintel } from '../../support/lintel.ts'
import { startLoadUpstream } from '../../support/load-upstream.ts'
import { factsOf } from '../../support/process-facts.ts'
import type { Cluster } from '../support/cluster.ts'
import { makeObject } from '../support/objects.ts'
import { claim, startReplica } from '../support/replica.ts'
import type { KubeObject } from '../support/resources.ts'
import { makeRoute, makeStandingService } from '../support/routes.ts'

const namespace = 'figures'
const few = 10
const many = 2_000
const endpointsEach = 5
const creators = 16
const changes = 50
const rounds = 7
/** Of each kind, before anything is measured: what control is asked here is what one costs that has run for a while. */
const warmingChanges = 100
const mebibyte = 1_048_576
/** Milliseconds; it takes three minutes. */
const longestWriting = 600_000
const [kept, leaving] = ['10.244.201.1', '10.244.201.2']
/** As on Ingresses that were written for ingress-nginx: they do no harm, and there is something to say of each of them. */
const annotations = {
  'nginx.ingress.kubernetes.io/proxy-read-timeout': '60',
  'nginx.ingress.kubernetes.io/proxy-send-timeout': '60',
}

/** How long changes take to be live, and what a large cluster costs. */
export async function measureCluster(cluster: Cluster, course: Course): Promise<Findings> {
  await claim(cluster, namespace)
  const upstream = await startLoadUpstream({ address: kept })
  course.after(() => upstream.close())
  for (const object of makeStandingService('live', namespace, [kept], upstream.port)) await cluster.admin.create(object)
  await fill(cluster, 0, few)
  const figures: Figure[] = []
  const small = await serve(cluster, course)
  figures.push(await createIngresses(cluster, small, few))
  await small.stop()
  await fill(cluster, few, many)
  const begun = performance.now()
  const large = await serve(cluster, course)
  figures.push(
    { name: `cold start to ready, ${many} Ingresses`, value: performance.now() - begun, unit: 'ms', most: 5_000 },
    memoryOf(large, 'control', 400),
    memoryOf(large, 'worker 1', 200),
    memoryOf(large, 'worker 2', 200),
    await createIngresses(cluster, large, many),
  )
  await eventsWritten(cluster)
  figures.push(
    ...(await changeEach(cluster, large, 'Ingress', 20)),
    ...(await changeEach(cluster, large, 'EndpointSlice', 2)),
    await removeEndpoints(cluster, large, upstream.port, course),
  )
  return { figures, faults: [] }
}

/** One on each Ingress, ten a second: what they cost belongs to the start, and not to the changes after it. */
async function eventsWritten({ admin }: Cluster): Promise<void> {
  await admin.until({ kind: 'Event', namespace }, (events) => events.length >= many, longestWriting)
}

async function serve(cluster: Cluster, course: Course): Promise<Lintel> {
  const lintel = await startReplica(cluster, namespace, ['--workers', '2'])
  course.after(() => lintel.stop('SIGKILL'))
  return lintel
}

/** An Ingress, a Service and a slice of five endpoints for each number; two Ingresses share a host. */
async function fill({ admin }: Cluster, from: number, to: number): Promise<void> {
  let next = from
  const create = async (): Promise<void> => {
    while (next < to) for (const object of makeMember(next++)) await admin.create(object)
  }
  await Promise.all(Array.from({ length: creators }, create))
}

function makeMember(at: number): readonly KubeObject[] {
  const name = `member-${at}`
  const addresses = Array.from(
    { length: endpointsEach },
    (_, of) => `10.244.${100 + Math.floor(at / 50)}.${1 + (at % 50) * endpointsEach + of}`,
  )
  const backend = { service: { name, port: { number: 80 } } }
  const rules = [
    { host: `host-${at >> 1}.test`, http: { paths: [{ path: `/${at & 1}`, pathType: 'Prefix', backend }] } },
  ]
  const ingress = makeObject('Ingress', name, namespace, { spec: { ingressClassName: namespace, rules } })
  const noted = { ...ingress, metadata: { ...ingress.metadata, annotations } }
  return [...makeStandingService(name, namespace, addresses, 3000), noted]
}

/** From the API server's answer until the first right answer. */
async function createIngresses({ admin }: Cluster, lintel: Lintel, among: number): Promise<Figure> {
  const times: number[] = []
  for (let at = 0; at < changes; at++) {
    const name = `new-${among}-${at}`
    await admin.create(makeRoute(name, namespace, `${name}.test`, 'live'))
    const begun = performance.now()
    while ((await get(lintel, `http://${name}.test/x`)) !== 200);
    times.push(performance.now() - begun)
  }
  const value = quantile(
    times.toSorted((a, b) => a - b),
    0.99,
  )
  return { name: `Ingress created until served, p99 of ${changes}, among ${among}`, value, unit: 'ms', most: 150 }
}

async function get({ httpPort: http, httpsPort: https }: Lintel, url: string): Promise<number> {
  return (await ask({ http, https }, { method: 'GET', url })).status
}

/**
 * What control spends on one change of one object, which is told apart from the next by what follows it: the median of
 * several rounds. A collection of the whole heap falls into some rounds and doubles them, so the mean is told beside it. What
 * is spent when nothing changes is looked at before each round; it is told too, and is no part of it. Each change is of
 * another object.
 */
async function changeEach({ admin }: Cluster, lintel: Lintel, kind: string, most: number): Promise<Figure[]> {
  let next = 0
  const change = (): Promise<unknown> => {
    const at = next++
    const content = kind === 'Ingress' ? otherPath(at) : otherEndpoints(at)
    return admin.patch({ kind, namespace, name: `member-${at}` }, content)
  }
  await spentOn(lintel, warmingChanges, change)
  const [rests, spent]: [number[], number[]] = [[], []]
  while (spent.length < rounds) {
    const rest = await spentOn(lintel, changes, () => undefined)
    rests.push(rest)
    spent.push((await spentOn(lintel, changes, change)) - rest)
  }
  const name = `control CPU of a changed ${kind}`
  return [
    { name: 'control CPU of as long without a change, median', value: summarize(rests).median, unit: 'ms' },
    ...spent.map((value, at) => ({ name: `${name}, round ${at + 1}`, value, unit: 'ms' })),
    { name: `${name}, mean of ${rounds} rounds of ${changes}`, value: meanOf(spent), unit: 'ms' },
    { name: `${name}, median of these rounds`, value: summarize(spent).median, unit: 'ms', most },
  ]
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Milliseconds of control's CPU for each of many times. */
async function spentOn(lintel: Lintel, count: number, change: () => unknown): Promise<number> {
  const control = lintel.pids('lintel: control')
  const before = cpuTime(control)
  for (let done = 0; done < count; done++) {
    await change()
    await settled()
  }
  return ((cpuTime(control) - before) / count) * 1_000
}

function otherPath(at: number): object {
  const backend = { service: { name: `member-${at}`, port: { number: 80 } } }
  const paths = [{ path: `/changed-${at}`, pathType: 'Prefix', backend }]
  return { spec: { rules: [{ host: `host-${at >> 1}.test`, http: { paths } }] } }
}

function otherEndpoints(at: number): object {
  return { endpoints: [{ addresses: [`10.244.${202 + Math.floor(at / 200)}.${1 + (at % 200)}`] }] }
}

/** Long enough that changes are not taken together: a figure, not a promise. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}

/** From the API server's answer until the last request that still arrives at the endpoint. */
async function removeEndpoints(cluster: Cluster, lintel: Lintel, port: number, course: Course): Promise<Figure> {
  let last = 0
  const passing = await startLoadUpstream({ address: leaving, port, before: () => ((last = performance.now()), false) })
  course.after(() => passing.close())
  await cluster.admin.create(makeRoute('load', namespace, 'load.test', 'live'))
  const place = { kind: 'EndpointSlice', namespace, name: 'live' }
  const both = { endpoints: [{ addresses: [kept] }, { addresses: [leaving] }] }
  while ((await get(lintel, 'http://load.test/x')) !== 200);
  const load = offerLoad(lintel, { rate: 500 })
  course.after(() => load.stop())
  const times: number[] = []
  for (let at = 0; at < changes; at++) {
    const before = passing.deliveries.size
    await cluster.admin.patch(place, both)
    while (passing.deliveries.size === before) await load.answered(5)
    await cluster.admin.patch(place, { endpoints: [{ addresses: [kept] }] })
    const removed = performance.now()
    await load.answered(200)
    times.push(Math.max(0, last - removed))
  }
  const value = quantile(
    times.toSorted((a, b) => a - b),
    0.99,
  )
  return { name: `endpoint removed until the last request to it, p99 of ${changes}`, value, unit: 'ms', most: 100 }
}

function memoryOf(lintel: Lintel, title: string, most: number): Figure {
  const [pid = 0] = lintel.pids(`lintel: ${title}`)
  return { name: `memory of ${title}`, value: factsOf(pid).resident / mebibyte, unit: 'MiB', most }
}
