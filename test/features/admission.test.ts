import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'

import { loadAll } from 'js-yaml'

import { bindPort } from '../../src/serve/index.ts'
import { post, printAsked, putConfiguration, readResponse, trustedBy } from '../support/admission.ts'
import type { Departure, HttpsAnswer, ReviewResponse } from '../support/admission.ts'
import type { FakeObject, Script } from '../support/fake-api-server.ts'
import { startFakeCluster } from '../support/fake-cluster.ts'
import { startLintel } from '../support/lintel.ts'

const file = join(import.meta.dirname, 'admission.md')
const update = process.env['UPDATE'] === '1'
const lines = readFileSync(file, 'utf8').split('\n')
const [stored = [], asked = []] = [...lines.join('\n').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
  ([, text = '']) => loadAll(text) as FakeObject[],
)

/** A row of the page: what is asked under which heading, and what then is to be read. */
interface Row {
  readonly line: number
  readonly asked: string
  readonly answer: string
  readonly says: string
}

function readRows(heading: string): Row[] {
  const from = lines.indexOf(`## ${heading}`)
  const rest = lines.slice(from + 1).findIndex((line) => line.startsWith('## '))
  const until = rest < 0 ? lines.length : from + 1 + rest
  return lines.slice(from, until).flatMap((line, at) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [, first = '', answer = '', says = ''] = cells
    if (cells.length !== 5 || /^---|asks$|^asked$/.test(first)) return []
    return [{ line: from + at, asked: first, answer, says }]
  })
}

function groupOf(kind: string): { group: string; version: string } {
  return { group: kind === 'Ingress' ? 'networking.k8s.io' : '', version: 'v1' }
}

/** `OPERATION KIND NAME`, and what else is said of it: the review that the API server asks for. */
function reviewOf(text: string): string {
  const [, operation = '', kind = '', name = '', more = ''] = /^(\w+) (\w+) ([\w-]+)(?:, (.*))?$/.exec(text) ?? []
  const found = [...asked, ...stored].find((object) => object.kind === kind && object.metadata.name === name)
  assert.ok(found, text)
  const metadata = { ...found.metadata, ...(more === 'being deleted' && { deletionTimestamp: '2026-11-01T00:00:00Z' }) }
  return printAsked({
    operation,
    kind: { ...groupOf(kind), kind },
    object: operation === 'DELETE' ? null : { ...found, metadata },
    dryRun: more === 'dry run',
    ...(more === 'its status' && { subResource: 'status' }),
  })
}

interface Stage {
  /** Lets an API server answer that kept silent. */
  readonly release: () => Promise<void>
  readonly ask: (body: string | Buffer, departure?: Departure) => Promise<HttpsAnswer>
}

/** What is no review, by its name on the page. */
const others = new Map<string, Departure & { readonly body: string | Buffer }>([
  ['a body of 3 MiB', { body: reviewOf('CREATE Ingress fresh').padEnd(3 * 1024 * 1024) }],
  ['a body of 3 MiB and an octet', { body: ' '.repeat(3 * 1024 * 1024 + 1) }],
  ['a body that is not JSON', { body: '{' }],
  ['a body that is not UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }],
  ['a body that is compressed', { body: gzipSync('{}'), fields: { 'Content-Encoding': 'gzip' } }],
  ['a body of 250,001 values', { body: `[${'0,'.repeat(250_000)}0]` }],
  ['a review of version v1beta1', { body: reviewOf('CREATE Ingress fresh').replace('k8s.io/v1"', 'k8s.io/v1beta1"') }],
  ['a review without a uid', { body: printAsked({ uid: '', object: null }) }],
  ['a review without an object', { body: printAsked({ object: null }) }],
  ['Content-Type: text/plain', { body: '{}', fields: { 'Content-Type': 'text/plain' } }],
  ['GET instead of POST', { body: '', method: 'GET' }],
  ['another path', { body: '{}', path: '/' }],
])

/** The two cells of an answer. */
function printAnswer({ allowed, status, warnings = [] }: ReviewResponse): readonly [string, string] {
  const answer = allowed ? 'allowed' : `${status?.code} ${status?.reason}`
  const said = [...(status?.message.split('\n') ?? []), ...warnings].join('<br>')
  return [warnings.length === 0 ? answer : `${answer}, with a warning`, said]
}

async function freePort(): Promise<number> {
  const bound = await bindPort('127.0.0.1', 0)
  bound.close()
  return bound.port
}

/** A Lintel of a cluster of its own, until the end of the test. */
async function start(t: TestContext, flags: readonly string[], script?: Script): Promise<Stage> {
  const { api, kubeconfig, close } = await startFakeCluster()
  t.after(close)
  for (const object of stored) api.put(object)
  putConfiguration(api)
  api.script = script
  const port = await freePort()
  const always = ['--workers', '1', '--admission-webhook', '--admission-port', String(port), '--drain-delay', '0s']
  const starting = startLintel(['--kubeconfig', kubeconfig, ...always, ...flags])
  t.after(async () => (await starting).stop('SIGKILL'))
  await api.until(() => trustedBy(api) !== '')
  const release = async (): Promise<void> => {
    api.script = undefined
    api.hangUp()
    await starting
  }
  if (script === undefined) await starting
  return { release, ask: (body, departure) => post(port, trustedBy(api), body, departure) }
}

function check(row: Row, answer: string, says: string): void {
  if (update) lines[row.line] = `| ${row.asked} | ${answer} | ${says} |`
  else assert.deepEqual([row.asked, answer, says], [row.asked, row.answer, row.says])
}

async function playReviews(heading: string, { ask }: Stage): Promise<void> {
  const rows = readRows(heading)
  assert.ok(rows.length > 0)
  for (const row of rows) {
    const { status, body } = await ask(reviewOf(row.asked))
    assert.equal(status, 200, body)
    check(row, ...printAnswer(readResponse(body)))
  }
}

suite('admission.md: what the API server is answered', { timeout: 300_000 }, () => {
  after(() => update && writeFileSync(file, lines.join('\n')))

  test('serving, and what is no review', async (t) => {
    const stage = await start(t, [])
    await playReviews('Serving', stage)
    const rows = readRows('What is no review')
    assert.deepEqual(new Set(rows.map((row) => row.asked)), new Set(others.keys()))
    for (const row of rows) {
      const { body = '', ...departure } = others.get(row.asked) ?? {}
      const { status, body: text } = await stage.ask(body, departure)
      check(row, String(status), status === 200 ? printAnswer(readResponse(text)).join('') : text.trim())
    }
  })

  test('where conflicts are refused', async (t) => {
    const heading = 'Serving with `--admission-conflicts=refuse`'
    await playReviews(heading, await start(t, ['--admission-conflicts=refuse']))
  })

  test('before the cluster has been read', async (t) => {
    const stage = await start(t, [], ({ resource }) => resource === 'ingresses')
    await playReviews('Before the cluster has been read', stage)
    await stage.release()
  })
})
