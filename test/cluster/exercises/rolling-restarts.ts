import { longest } from '../../failure/exercises/findings.ts'
import type { Course, Findings } from '../../failure/exercises/findings.ts'
import { offerLoad, printFailures } from '../../failure/exercises/scene.ts'
import { failures } from '../../support/load.ts'
import type { Cluster } from '../support/cluster.ts'
import { untilReady } from '../support/endpoints.ts'
import { makeApplication } from '../support/objects.ts'
import { claim, startReplica } from '../support/replica.ts'
import type { KubeObject } from '../support/resources.ts'
import { makeRoute } from '../support/routes.ts'

interface Deployment extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly generation?: number }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly availableReplicas?: number
  }
}

const namespace = 'rolling'
const replicas = 4
/** Of 10,000 POSTs. */
const mostUnknown = 1

export interface RestartOptions {
  /** Requests a second. */
  readonly gets: number
  readonly posts: number
  /** How many restarts and POSTs say something. */
  readonly least?: { readonly restarts: number; readonly posts: number }
}

/**
 * Replaces pods again and again under load. They are told to end at the moment in which their endpoint is taken away,
 * and finish what they have accepted. No GET fails and no POST arrives twice; where it cannot be known whether a POST
 * arrived, its answer is 502.
 */
export async function restartPods(cluster: Cluster, course: Course, options: RestartOptions): Promise<Findings> {
  const { admin, kubelet } = cluster
  const { least } = options
  const usual = kubelet.lastMoment
  kubelet.lastMoment = 0
  course.after(() => (kubelet.lastMoment = usual))
  await claim(cluster, namespace)
  for (const object of makeApplication('load', namespace, replicas)) await admin.create(object)
  await untilReady(admin, namespace, 'load', replicas)
  await admin.create(makeRoute('load', namespace, 'load.test'))
  const lintel = await startReplica(cluster, namespace, ['--workers', '2'])
  course.after(() => lintel.stop('SIGKILL'))
  const gets = offerLoad(lintel, { rate: options.gets })
  const posts = offerLoad(lintel, { rate: options.posts }, { method: 'POST', prefix: '/load/post' })
  for (const load of [gets, posts]) {
    course.after(() => load.stop())
    await load.answered(20)
  }
  const times: number[] = []
  for (let round = 0; course.goesOn(round); round++) times.push(await restart(cluster, round))
  const [got, posted] = await Promise.all([gets.stop(), posts.stop()])
  const unknown = failures(posted).filter(({ status }) => status === 502)
  const arrived = kubelet.posts.filter((path) => path.startsWith('/load/post/'))
  return {
    figures: [
      { name: 'rolling restarts', value: times.length, unit: '', ...(least && { least: least.restarts }) },
      longest('longest rolling restart', times),
      { name: 'GETs', value: got.length, unit: '' },
      { name: 'POSTs', value: posted.length, unit: '', ...(least && { least: least.posts }) },
      { name: 'POSTs answered 502, as nobody can know whether they arrived', value: unknown.length, unit: '' },
      { name: 'of 10,000 POSTs', value: (unknown.length / posted.length) * 10_000, unit: '', most: mostUnknown },
    ],
    faults: [
      ...printFailures(got),
      ...printFailures(posted.filter((entry) => !unknown.includes(entry))),
      ...repeated(arrived).map((path) => `POST ${path} arrived twice`),
    ],
  }
}

function repeated(paths: readonly string[]): string[] {
  const seen = new Set<string>()
  return paths.filter((path) => seen.size === seen.add(path).size)
}

/** As `kubectl rollout restart` and `rollout status` do. Answers the milliseconds that it took. */
async function restart({ admin }: Cluster, round: number): Promise<number> {
  const begun = performance.now()
  const place = { kind: 'Deployment', namespace, name: 'load' }
  const template = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': `round ${round}` } } }
  const { metadata } = await admin.patch<Deployment>(place, { spec: { template } })
  const generation = metadata.generation ?? 0
  await admin.until<Deployment>(place, ([found]) => found !== undefined && isDone(found, generation))
  return performance.now() - begun
}

function isDone({ status = {} }: Deployment, generation: number): boolean {
  const { observedGeneration = 0, ...counts } = status
  const all = [counts.replicas, counts.updatedReplicas, counts.availableReplicas]
  return observedGeneration >= generation && all.every((count) => count === replicas)
}
