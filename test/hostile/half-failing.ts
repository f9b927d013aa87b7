import type { Course, Findings } from '../failure/exercises/findings.ts'
import { startLintel } from '../support/lintel.ts'
import { bodyOf, startLoadUpstream } from '../support/load-upstream.ts'
import type { LoadUpstream } from '../support/load-upstream.ts'
import { printIngress } from '../support/manifests.ts'
import { UpstreamClient } from './upstream-client.ts'
import type { Target } from './upstream-client.ts'

const endpoints = 4
/** So many that the least of a budget, which is there for few requests, says nothing. */
const clients = 100
const requestsOfEach = 20
/** Requests that may reach an endpoint for each that was made, since a fifth may be tried again. */
const mostOffered = 1.2
/** What it may be for a moment, as the times that answers and resets take differ; without a budget it would be 1.5. */
const never = 1.25
/** Ends a hang; nothing is measured by it. */
const patience = 30_000

/** Half of the endpoints reset whatever they are asked: what is tried again must not become a load of its own. */
export async function failHalf({ after }: Pick<Course, 'after'>): Promise<Findings> {
  const upstreams = await Promise.all(Array.from({ length: endpoints }, (_, at) => startEndpoint(at % 2 === 1)))
  for (const upstream of upstreams) after(() => upstream.close())
  const backends = upstreams.flatMap(({ port }) => ['--backend', `half:80=127.0.0.1:${port}`])
  const manifest = printIngress('half', [{ host: 'half.test', service: 'half' }])
  const lintel = await startLintel(['--workers', '1', ...backends, '-'], manifest)
  after(() => lintel.stop('SIGKILL'))
  const target = { port: lintel.httpPort, host: 'half.test', patience }
  const ended = await Promise.all(Array.from({ length: clients }, (_, at) => askOften(target, `/${at}`)))
  const made = ended.flat().length
  const arrived = upstreams.flatMap(({ deliveries }) => [...deliveries.values()])
  const offered = arrived.reduce((sum, times) => sum + times, 0) / made
  const faults = ended.flat().filter((end) => end !== 'answered' && end !== 'reset')
  if (offered > never) faults.push(`${offered} requests reached endpoints for each that was made`)
  if (offered === 1) faults.push('nothing was tried again')
  return {
    figures: [
      { name: 'requests', value: made, unit: '' },
      { name: 'that reached an endpoint, of 100', value: 100 * offered, unit: '', most: 100 * mostOffered },
      { name: 'that were answered', value: ended.flat().filter((end) => end === 'answered').length, unit: '' },
    ],
    faults,
  }
}

function startEndpoint(isFailing: boolean): Promise<LoadUpstream> {
  return startLoadUpstream({
    before: ({ socket }) => {
      if (isFailing) socket.resetAndDestroy()
      return isFailing
    },
  })
}

/** How each request of a client ended. */
async function askOften(target: Target, prefix: string): Promise<string[]> {
  const client = await UpstreamClient.connect(target)
  const ends: string[] = []
  for (let at = 0; at < requestsOfEach; at++) {
    const path = `${prefix}/${at}`
    // oxlint-disable-next-line no-await-in-loop -- one thing after another on one connection
    const { status, body } = await client.ask('GET', path)
    if (status === 200 && body === bodyOf(path)) ends.push('answered')
    else ends.push(body.startsWith('502 UpstreamResetBeforeHead') ? 'reset' : `${path} got ${status} ${body}`)
  }
  client.close()
  return ends
}
