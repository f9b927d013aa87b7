import { longest } from '../../failure/exercises/findings.ts'
import type { Course, Findings } from '../../failure/exercises/findings.ts'
import { printFailures } from '../../failure/exercises/scene.ts'
import type { Lintel } from '../../support/lintel.ts'
import { startLoad } from '../../support/load.ts'
import { Balancer } from '../support/balancer.ts'
import type { Cluster } from '../support/cluster.ts'
import { startReplica } from '../support/replica.ts'
import { openLoadRoute } from './load-route.ts'

const namespace = 'replacement'
const rate = 200
/** The balancer hears of a replica that is no longer ready in an eighth of the drain delay, on a machine that is not busy. */
const pace = { period: 300, delay: 200 }
const flags = ['--workers', '1', '--drain-delay', '4s']

/**
 * Two replicas behind a balancer, replaced one after the other under load: the old one is told to end, a new one is
 * started, and once connections go to it, it is the turn of the next. Clients keep their connections. No request fails.
 */
export async function replaceReplicas(cluster: Cluster, course: Course): Promise<Findings> {
  await openLoadRoute(cluster, course, namespace, '10.244.203.1')
  const balancer = new Balancer(pace)
  await balancer.open()
  course.after(() => balancer.close())
  const start = async (): Promise<Lintel> => {
    const replica = await startReplica(cluster, namespace, flags)
    course.after(() => replica.stop('SIGKILL'))
    await balancer.add(replica)
    return replica
  }
  const replicas = await Promise.all([start(), start()])
  const load = startLoad({ port: balancer.port, host: 'load.test', rate, takeTurns: true })
  course.after(() => load.stop())
  await load.answered(rate)
  const codes: (number | null)[] = []
  const times: number[] = []
  for (let round = 0; course.goesOn(round); round++) {
    const begun = performance.now()
    for (const old of replicas.splice(0)) {
      const exit = old.stop()
      replicas.push(await start())
      codes.push(await exit)
      await balancer.gone(old)
    }
    await load.answered(rate)
    times.push(performance.now() - begun)
  }
  const ledger = await load.stop()
  return {
    figures: [
      { name: 'replicas replaced', value: codes.length, unit: '' },
      { name: 'requests', value: ledger.length, unit: '' },
      longest('longest replacement of both', times),
    ],
    faults: [...printFailures(ledger), ...codes.filter((code) => code !== 0).map((code) => `exit code ${code}`)],
  }
}
