import { longest } from '../../failure/exercises/findings.ts'
import type { Course, Findings } from '../../failure/exercises/findings.ts'
import { offerLoad, printFailures } from '../../failure/exercises/scene.ts'
import { ask } from '../../support/http-client.ts'
import type { Load } from '../../support/load.ts'
import { apiServerPort } from '../support/cluster.ts'
import type { Cluster } from '../support/cluster.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { makeObject } from '../support/objects.ts'
import { startReplica } from '../support/replica.ts'
import { makeRoute } from '../support/routes.ts'
import { openLoadRoute } from './load-route.ts'

/** A way in which an API server fails; it is back when the promise resolves. */
interface Outage {
  readonly name: string
  /** `away` passes the time, and counts the connections that are made meanwhile. */
  run(cluster: Cluster, away: () => Promise<void>): Promise<void>
}

const rate = 100
const seconds = 5
const namespace = 'outages'

const outages: readonly Outage[] = [
  {
    name: 'killed',
    run: async ({ apiServer }, away) => {
      await apiServer.kill()
      await away()
      await apiServer.start()
    },
  },
  {
    name: 'hanging',
    run: async ({ apiServer }, away) => {
      apiServer.hold()
      await away()
      apiServer.release()
    },
  },
  {
    name: '410 on every watch',
    run: async ({ apiServer, etcd }) => {
      await etcd.advance(200)
      await etcd.compact()
      await apiServer.kill()
      await apiServer.start()
    },
  },
  {
    name: 'older data',
    run: async (cluster) => {
      const saved = cluster.etcd.save()
      await cluster.admin.create(makeObject('ConfigMap', 'later', namespace, { data: {} }))
      await cluster.etcd.advance(2_000)
      await cluster.restore(saved)
      const { items } = await cluster.admin.list({ kind: 'ConfigMap', namespace })
      if (items.some(({ metadata }) => metadata.name === 'later')) throw new Error('the data are not older')
    },
  },
]

/** Takes a real API server away under load, in each way: no request fails, few are made, and all is well soon after. */
export async function loseRealApiServer(cluster: Cluster, course: Course): Promise<Findings> {
  await openLoadRoute(cluster, course, namespace, '10.244.200.1')
  const proxy = new FaultProxy(apiServerPort)
  await proxy.open()
  course.after(() => proxy.close())
  const lintel = await startReplica(cluster, namespace, ['--workers', '2'], { port: proxy.port })
  course.after(() => lintel.stop('SIGKILL'))
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const load = offerLoad(lintel, { rate })
  course.after(() => load.stop())
  await load.answered(20)
  const connections: number[] = []
  const live: number[] = []
  for (let round = 0; course.goesOn(round); round++) {
    await outages[round % outages.length]?.run(cluster, async () => void connections.push(await countIn(proxy, load)))
    const back = performance.now()
    const host = `round-${round}.test`
    await cluster.admin.create(makeRoute(`round-${round}`, namespace, host, 'load'))
    while ((await ask(ports, { method: 'GET', url: `http://${host}/x` })).status !== 200) await load.answered(5)
    live.push(performance.now() - back)
  }
  const ledger = await load.stop()
  const most = Math.max(0, ...connections)
  return {
    figures: [
      { name: 'outages', value: live.length, unit: '' },
      { name: 'requests under load', value: ledger.length, unit: '' },
      { name: `most connections to the API server in ${seconds - 1} s of an outage`, value: most, unit: '', most: 5 },
      longest('longest until a change made after the outage was live', live, 5_000),
    ],
    faults: printFailures(ledger),
  }
}

/** Connections that were made while the API server was away, after the first second. Time is told by the load. */
async function countIn(proxy: FaultProxy, load: Load): Promise<number> {
  await load.answered(rate)
  const before = proxy.connections
  await load.answered((seconds - 1) * rate)
  return proxy.connections - before
}
