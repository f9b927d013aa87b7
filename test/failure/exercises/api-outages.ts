import { eventOf, fail, statusOf } from '../../support/fake-api-server.ts'
import type { FakeApiServer } from '../../support/fake-api-server.ts'
import { putRoute, startFakeCluster } from '../../support/fake-cluster.ts'
import { ask } from '../../support/http-client.ts'
import { startLintel } from '../../support/lintel.ts'
import { startLoadUpstream } from '../../support/load-upstream.ts'
import { longest } from './findings.ts'
import type { Course, Figure, Findings } from './findings.ts'
import { offerLoad, printFailures } from './scene.ts'

/** A way in which an API server fails, and the end of it. */
interface Outage {
  readonly name: string
  begin(api: FakeApiServer): Promise<void>
  end(api: FakeApiServer): Promise<void>
}

/** What one outage was like: requests a second to the API server, and milliseconds until all was well. */
interface Passed {
  readonly outage: Outage
  readonly rate: number
  readonly live: number
}

const rate = 200

const killed: Outage = {
  name: 'killed',
  begin: (api) => api.stop(),
  end: (api) => api.start(),
}

const hanging: Outage = {
  name: 'hanging',
  begin: (api) => scripted(api, () => true),
  end: (api) => {
    api.script = undefined
    api.hangUp()
    return Promise.resolve()
  },
}

const expired: Outage = {
  name: '410 on every watch',
  begin: (api) =>
    scripted(api, (call, response) => {
      if (!call.watch) return false
      if (api.calls.length % 2 === 0) fail(response, 410, 'Expired')
      else response.end(eventOf('ERROR', statusOf(410, 'Expired')))
      return true
    }),
  end: (api) => {
    api.script = undefined
    return Promise.resolve()
  },
}

const outages: readonly Outage[] = [killed, hanging, expired]

function scripted(api: FakeApiServer, script: NonNullable<FakeApiServer['script']>): Promise<void> {
  api.script = script
  api.endWatches('destroy')
  return Promise.resolve()
}

/**
 * Takes the API server away under load for so many seconds, in each way at least once: no request fails, few are made, and
 * all is well soon after.
 */
export async function loseApiServer(course: Course, seconds: number): Promise<Findings> {
  const upstream = await startLoadUpstream()
  course.after(() => upstream.close())
  const { api, kubeconfig, close } = await startFakeCluster()
  course.after(close)
  putRoute(api, { name: 'load', host: 'load.test', port: upstream.port })
  const flags = ['--workers', '2', '--allow-loopback-endpoints', '--kubeconfig', kubeconfig]
  const lintel = await startLintel(flags)
  course.after(() => lintel.stop('SIGKILL'))
  const load = offerLoad(lintel, { rate })
  course.after(() => load.stop())
  await load.answered(20)
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const all: Passed[] = []
  for (let round = 0; round < outages.length || course.goesOn(round); round++) {
    const outage = outages[round % outages.length] ?? killed
    await outage.begin(api)
    // Time is told by the load.
    await load.answered(rate)
    const before = api.calls.length
    await load.answered((seconds - 1) * rate)
    const requests = api.calls.length - before
    await outage.end(api)
    const back = performance.now()
    const host = `round-${round}.test`
    putRoute(api, { name: `round-${round % 10}`, host, port: upstream.port })
    while ((await ask(ports, { method: 'GET', url: `http://${host}/x` })).status !== 200) await load.answered(10)
    all.push({ outage, rate: requests / (seconds - 1), live: performance.now() - back })
    await load.answered(20)
  }
  const ledger = await load.stop()
  return {
    figures: [
      { name: `outages of ${seconds} s`, value: all.length, unit: '' },
      { name: 'requests under load', value: ledger.length, unit: '' },
      ...outages.flatMap((outage) => figuresOf(outage, all)),
    ],
    faults: printFailures(ledger),
  }
}

/** Of one that is killed nobody counts requests: there is no one to hear them. */
function figuresOf(outage: Outage, all: readonly Passed[]): Figure[] {
  const own = all.filter((passed) => passed.outage === outage)
  const value = Math.max(...own.map((passed) => passed.rate))
  const requests = {
    name: `${outage.name}: requests to the API server meanwhile, after a second`,
    value,
    unit: '/s',
    most: 1,
  }
  const live = own.map((passed) => passed.live)
  return [
    ...(outage === killed ? [] : [requests]),
    longest(`${outage.name}: longest until a change made after it was live`, live, 5_000),
  ]
}
