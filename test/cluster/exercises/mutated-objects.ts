import type { Course, Findings } from '../../failure/exercises/findings.ts'
import { Random } from '../../fuzz/random.ts'
import { processTree } from '../../support/process-tree.ts'
import { ApiError } from '../support/api-client.ts'
import type { Cluster } from '../support/cluster.ts'
import { makeObject } from '../support/objects.ts'
import { startReplica } from '../support/replica.ts'
import type { KubeObject } from '../support/resources.ts'
import { makeRoute } from '../support/routes.ts'
import { makeStrange, makeStrangeIngress } from '../support/strange-objects.ts'
import type { Surroundings } from '../support/strange-objects.ts'
import { openLoadRoute } from './load-route.ts'
import { toldOnce } from './told-once.ts'
import { Visitor } from './visitor.ts'

const namespace = 'mutations'
/** After the other by name too: where two are of the same second, the name decides. */
const strange = 'strange'
const good = 100
const creators = 8
const mostTries = 50
/** Secrets are watched: those that are read one by one are not there at first. */
const scope = ['--watch-namespace', `${namespace},${strange}`, '--secrets', 'namespaces']

/**
 * Mutated objects among a hundred good Ingresses, as many as the API server takes. Good routes answer all the time, no
 * process is started again, and what `check` says of the strange ones has been said once, in the log and by Events.
 */
export async function mutateObjects(
  cluster: Cluster,
  course: Pick<Course, 'after'>,
  { objects, seed }: { readonly objects: number; readonly seed: number },
): Promise<Findings> {
  await openLoadRoute(cluster, course, namespace, '10.244.205.251')
  await cluster.admin.create(makeObject('Namespace', strange, undefined, {}))
  const hosts = Array.from({ length: good }, (_, at) => `good-${at}.test`)
  for (const [at, host] of hosts.entries()) await cluster.admin.create(makeRoute(`good-${at}`, namespace, host, 'load'))
  const lintel = await startReplica(cluster, namespace, ['--workers', '2', ...scope])
  course.after(() => lintel.stop('SIGKILL'))
  const processes = processTree(lintel.process.pid ?? 0)
  const visitor = new Visitor(lintel, hosts)
  await visitor.visitAll()
  const others = Math.ceil(objects * 0.6)
  const around: Surroundings = { namespace: strange, ingressClass: namespace, others, hosts }
  const refused = await createStrange(cluster, around, { objects, seed, created: () => visitor.visitNext() })
  await cluster.admin.create(makeRoute('last', namespace, 'last.test', 'load'))
  await visitor.until('last.test')
  const told = await toldOnce(cluster, lintel, { namespace: strange, flags: ['--only-class', namespace, ...scope] })
  await visitor.visitAll()
  const faults = [...visitor.faults, ...told.faults]
  if (String(processTree(lintel.process.pid ?? 0)) !== String(processes)) faults.push('a process was started again')
  return {
    figures: [
      { name: 'mutated objects', value: objects, unit: '' },
      { name: 'mutations that the API server refused', value: refused, unit: '' },
      { name: 'requests to good routes', value: visitor.visits, unit: '' },
      { name: 'diagnostics on the mutated', value: told.diagnostics, unit: '' },
      { name: 'Events on them', value: told.events, unit: '' },
    ],
    faults,
  }
}

interface Order {
  readonly objects: number
  readonly seed: number
  readonly created: () => Promise<void>
}

/**
 * Answers how many mutations the API server refused. Ingresses come last, in the order of their names: what is said of
 * them does not change any more then.
 */
async function createStrange(cluster: Cluster, around: Surroundings, order: Order): Promise<number> {
  const { objects, seed, created } = order
  let [next, refused] = [0, 0]
  const createOthers = async (): Promise<void> => {
    while (next < around.others) {
      const at = next++
      const random = new Random(seed + at)
      refused += await createFirst(cluster, () => makeStrange(`strange-${at}`, random, around))
      await created()
    }
  }
  await Promise.all(Array.from({ length: creators }, createOthers))
  for (let at = around.others; at < objects; at++) {
    const random = new Random(seed + at)
    const name = `strange-${String(at).padStart(5, '0')}`
    refused += await createFirst(cluster, () => makeStrangeIngress(name, random, around))
    await created()
  }
  return refused
}

/** Creates the first one that the API server takes, and answers how many it refused. */
async function createFirst({ admin }: Cluster, make: () => KubeObject): Promise<number> {
  for (let refused = 0; refused < mostTries; refused++) {
    try {
      await admin.create(make())
      return refused
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500) throw error
    }
  }
  throw new Error(`the API server refuses ${mostTries} mutations one after another`)
}
