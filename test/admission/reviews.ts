import { Agent } from 'node:https'

import { cpuTime } from '../bench/cpu-time.ts'
import { quantile } from '../bench/statistics.ts'
import { combine } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import { post, printAsked, putConfiguration, readResponse, trustedBy } from '../support/admission.ts'
import { putRoute, startFakeCluster } from '../support/fake-cluster.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { factsOf } from '../support/process-facts.ts'

const mebibyte = 1_048_576
/** As many connections as are taken at once. */
const mostConnections = 64
/** Beside what it had: bodies that are held, once as octets and once as text, one that is parsed, and what a collector leaves. */
const mostGrowth = 384

interface Stage {
  readonly lintel: Lintel
  readonly control: number
  readonly ask: (body: string, agent?: Agent) => Promise<{ readonly status: number; readonly body: string }>
}

interface Extent {
  readonly ingresses: number
  /** One by one; at once; and as large as they may be, at once. */
  readonly reviews: number
  readonly crowd: number
  readonly large: number
}

/** What a review costs control beside so many Ingresses, and what a crowd of them does to it. Linux only. */
export async function reviewBeside(
  course: Pick<Course, 'after'>,
  { ingresses, reviews, crowd, large }: Extent,
): Promise<Findings> {
  const stage = await setUp(course, ingresses)
  const among = `among ${ingresses}`
  const first = await time(() => reviewOne(stage, 0))
  const found = await reviewOneByOne(stage, reviews, among)
  const figures = [{ name: `the first review ${among}`, value: first, unit: 'ms' }]
  return combine([{ figures, faults: [] }, found, await reviewAtOnce(stage, crowd, among), await besiege(stage, large)])
}

async function setUp(course: Pick<Course, 'after'>, ingresses: number): Promise<Stage> {
  const { api, kubeconfig, close } = await startFakeCluster()
  course.after(close)
  for (let at = 0; at < ingresses; at++) putRoute(api, { name: `web-${at}`, host: `host-${at >> 1}.test`, port: 1 })
  putConfiguration(api)
  const flags = ['--workers', '1', '--allow-loopback-endpoints', '--admission-webhook', '--admission-port', '0']
  const lintel = await startLintel(['--kubeconfig', kubeconfig, '--update-status=false', ...flags])
  course.after(() => lintel.stop('SIGKILL'))
  await api.until(() => trustedBy(api) !== '')
  const [control = 0] = lintel.pids('lintel: control')
  return { lintel, control, ask: (body, agent) => post(lintel.admissionPort, trustedBy(api), body, { agent }) }
}

function printReview(at: number, spec: object = {}): string {
  const paths = [{ path: `/${at}`, pathType: 'Prefix', backend: { service: { name: 'web-0', port: { number: 80 } } } }]
  const rules = [{ host: `fresh-${at}.test`, http: { paths } }]
  const metadata = { name: `fresh-${at}`, namespace: 'shop' }
  return printAsked({ uid: `u-${at}`, object: { metadata, spec: { ingressClassName: 'lintel', rules, ...spec } } })
}

/** Whether it is answered, and by its own answer. */
async function reviewOne({ ask }: Stage, at: number, agent?: Agent): Promise<boolean> {
  const { status, body } = await ask(printReview(at), agent)
  return status === 200 && readResponse(body).uid === `u-${at}` && readResponse(body).allowed
}

async function time(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await act()
  return performance.now() - begun
}

async function reviewOneByOne(stage: Stage, reviews: number, among: string): Promise<Findings> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const before = cpuTime([stage.control])
  const times: number[] = []
  for (let at = 0; at < reviews; at++) times.push(await time(() => reviewOne(stage, at, agent)))
  const cpu = ((cpuTime([stage.control]) - before) / reviews) * 1_000
  agent.destroy()
  const sorted = times.toSorted((a, b) => a - b)
  const figures = [0.5, 0.99].map((part) => ({
    name: `p${part * 100} of ${reviews} reviews ${among}`,
    value: quantile(sorted, part),
    unit: 'ms',
  }))
  return { figures: [{ name: `control CPU of a review ${among}`, value: cpu, unit: 'ms' }, ...figures], faults: [] }
}

/** As many as there are connections, and the others behind them: each is answered. */
async function reviewAtOnce(stage: Stage, crowd: number, among: string): Promise<Findings> {
  const agent = new Agent({ keepAlive: true, maxSockets: mostConnections })
  const answered: boolean[] = []
  const value = await time(async () => {
    const all = Array.from({ length: crowd }, (_, at) => reviewOne(stage, at, agent).catch(() => false))
    answered.push(...(await Promise.all(all)))
  })
  agent.destroy()
  const lost = answered.filter((right) => !right).length
  return {
    figures: [{ name: `${crowd} reviews at once ${among}`, value, unit: 'ms' }],
    faults: lost === 0 ? [] : [`${lost} of ${crowd} reviews at once were not answered right`],
  }
}

/** Bodies of every kind that is dear to read, at once. */
async function besiege(stage: Stage, large: number): Promise<Findings> {
  const before = factsOf(stage.control).resident
  const bodies = [
    '['.repeat(3 * mebibyte),
    printReview(0, { rules: Array.from({ length: 100_000 }, () => 1) }),
    printReview(0, { rules: Array.from({ length: 20_000 }, (_, at) => ({ host: `a${at}.test` })) }),
    printReview(0, Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, at]))),
  ]
  const asked = Array.from({ length: large }, (_, at) => stage.ask(bodies[at % bodies.length] ?? ''))
  const answers = await Promise.allSettled(asked)
  const counts = Map.groupBy(answers, (one) => (one.status === 'fulfilled' ? one.value.status : 'cut'))
  const grown = (factsOf(stage.control).peak - before) / mebibyte
  const right = await reviewOne(stage, 1)
  const [still] = stage.lintel.pids('lintel: control')
  const unanswered = counts.get('cut')?.length === large
  const strange = [...counts.keys()].filter((status) => ![200, 400, 503, 'cut'].includes(status))
  return {
    figures: [
      ...[...counts].map(([status, all]) => ({
        name: `large reviews that were ${status}`,
        value: all.length,
        unit: '',
      })),
      { name: 'memory of control beyond that before', value: grown, unit: 'MiB', most: mostGrowth },
    ],
    faults: [
      ...(unanswered ? ['of the large reviews none was answered'] : []),
      ...(right ? [] : ['a review after the large ones was not answered']),
      ...(still === stage.control ? [] : ['control has died']),
      ...strange.map((status) => `a large review was answered ${status}`),
    ],
  }
}
