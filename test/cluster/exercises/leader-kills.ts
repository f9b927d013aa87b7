import { longest } from '../../failure/exercises/findings.ts'
import type { Course, Findings } from '../../failure/exercises/findings.ts'
import { offerLoad, printFailures } from '../../failure/exercises/scene.ts'
import type { Lintel } from '../../support/lintel.ts'
import { failures } from '../../support/load.ts'
import type { Load } from '../../support/load.ts'
import { processTree } from '../../support/process-tree.ts'
import type { Cluster } from '../support/cluster.ts'
import { startReplica } from '../support/replica.ts'
import { makeRoute } from '../support/routes.ts'
import { entriesOf } from '../support/statuses.ts'
import { openLoadRoute } from './load-route.ts'

const namespace = 'leader'
const rate = 100
const address = '192.0.2.1'
const flags = ['--workers', '1', '--publish-status-address', address]

/** Kills the replica that leads, all its processes at once, while the other one has load: that takes over, and no request fails. */
export async function killLeaders(cluster: Cluster, course: Course): Promise<Findings> {
  await openLoadRoute(cluster, course, namespace, '10.244.204.1')
  const start = async (): Promise<Lintel> => {
    const replica = await startReplica(cluster, namespace, flags)
    course.after(() => replica.stop('SIGKILL'))
    return replica
  }
  let leader = await start()
  await untilShown(cluster, 'load')
  const taken: number[] = []
  const loads: Load[] = []
  for (let round = 0; course.goesOn(round); round++) {
    const other = await start()
    const load = offerLoad(other, { rate })
    course.after(() => load.stop())
    loads.push(load)
    await load.answered(rate)
    for (const pid of processTree(leader.process.pid ?? 0)) process.kill(pid, 'SIGKILL')
    const begun = performance.now()
    await cluster.admin.create(makeRoute(`round-${round}`, namespace, `round-${round}.test`, 'load'))
    await untilShown(cluster, `round-${round}`)
    taken.push(performance.now() - begun)
    await load.answered(rate)
    await load.stop()
    leader = other
  }
  const ledger = loads.flatMap((load) => load.ledger)
  return {
    figures: [
      { name: 'leaders killed', value: taken.length, unit: '' },
      { name: 'requests to the other', value: ledger.length, unit: '' },
      { name: 'requests failed', value: failures(ledger).length, unit: '' },
      longest('longest until statuses are written again', taken, 17_000),
    ],
    faults: printFailures(ledger),
  }
}

async function untilShown({ admin }: Cluster, name: string): Promise<void> {
  await admin.until({ kind: 'Ingress', namespace, name }, ([found]) => entriesOf(found) === address)
}
