import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { commands } from '../../src/cli/index.ts'
import { printFeaturePage, printShown, readFeaturePage } from '../support/feature-page.ts'
import type { FeaturePage, FeatureRow } from '../support/feature-page.ts'
import { ask } from '../support/http-client.ts'
import { explainOnce } from '../support/explain-once.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'

const folder = import.meta.dirname
const update = process.env['UPDATE'] === '1'

interface EchoAnswer {
  readonly service: string
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
}

/** What a row says, once through `explain` and once through a real `serve` with echo backends: both must agree. */
type Outcome = Pick<FeatureRow, 'answer' | 'upstream'>

/** A connection that ends without an answer. */
const unanswered: Outcome = { answer: 'closed', upstream: '' }
/** The other flags of a page are about connections, and explain has none. */
const flagsOfExplain = new Set(commands.find(({ name }) => name === 'explain')?.flags.map(({ name }) => `--${name}`))

/** Their rows are no requests of clients: they have players of their own. */
const others = ['admission.md', 'health.md']

for (const name of readdirSync(folder).filter((file) => file.endsWith('.md') && !others.includes(file)))
  runPage(join(folder, name))

function runPage(file: string): void {
  const text = readFileSync(file, 'utf8')
  const page = readFeaturePage(text)
  const scratch = mkdtempSync(join(tmpdir(), 'lintel-feature-'))
  const manifests = join(scratch, 'objects.yaml')
  writeFileSync(manifests, page.manifests)
  const flags = page.flags.includes('--echo=false') ? page.flags : ['--echo', ...page.flags]
  const asked = [...flags.filter(isAsked), manifests]
  describe(page.title, () => {
    let lintel: Lintel
    before(async () => {
      lintel = await startLintel(['--workers', '1', ...flags, manifests])
    })
    after(async () => {
      await lintel.stop()
      if (update) await rewrite(file, text, page, asked)
      rmSync(scratch, { recursive: true })
    })
    test('has requests', () => assert.ok(page.rows.length > 0))
    for (const row of page.rows) {
      const { method, url } = row.request
      if (row.answer !== unanswered.answer)
        test(`explain: ${method} ${url}`, { skip: update && 'UPDATE=1' }, async () => {
          assert.deepEqual(await explained(row, page.shown, asked), outcomeOf(row))
        })
      test(`serve: ${method} ${url}`, { skip: (update && 'UPDATE=1') || reasonAgainst(row) }, async () => {
        assert.deepEqual(await served(row, page.shown, lintel), outcomeOf(row))
      })
    }
  })
}

function isAsked(flag: string): boolean {
  const [name = ''] = flag.split('=')
  return !flag.startsWith('--') || flagsOfExplain.has(name)
}

/** Of 127.0.0.0/8 only Linux has more than one address. */
function reasonAgainst({ introduction }: FeatureRow): string | false {
  const isElsewhere = introduction !== undefined && introduction.peer !== '127.0.0.1'
  return isElsewhere && process.platform !== 'linux' && `this machine has no address ${introduction.peer}`
}

function outcomeOf(row: FeatureRow): Outcome {
  return { answer: row.answer, upstream: row.upstream }
}

async function rewrite(file: string, text: string, page: FeaturePage, args: readonly string[]): Promise<void> {
  const rows = await Promise.all(page.rows.map(async (row) => ({ ...row, ...(await explained(row, page.shown, args)) })))
  writeFileSync(file, printFeaturePage(text, rows))
}

async function explained(row: FeatureRow, shown: readonly string[], args: readonly string[]): Promise<Outcome> {
  if (row.answer === unanswered.answer) return unanswered
  const client = row.introduction === undefined ? [] : ['--client-ip', row.introduction.client]
  const told = await explainOnce(row.request, [...client, ...args])
  return { answer: `${told.status} ${told.word}`, upstream: told.upstreamLine + printShown(shown, told.upstreamFields) }
}

/** An echo says what it received; everything else was answered by Lintel itself. */
async function served(
  { request, introduction }: FeatureRow,
  shown: readonly string[],
  lintel: Lintel,
): Promise<Outcome> {
  const length = Number(request.fields.find(([name]) => name === 'Content-Length')?.[1] ?? 0)
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const answer = await ask(ports, { ...request, introduction, body: 'x'.repeat(length) }).catch(closedBy)
  if (answer === undefined) return unanswered
  const { status, fields, body } = answer
  if (fields['content-type'] !== 'application/json') {
    return { answer: `${status} ${fields.location ?? body.split(' ')[1]}`, upstream: '' }
  }
  const { service, method, path, headers } = JSON.parse(body) as EchoAnswer
  return { answer: `${status} ${service}`, upstream: `${method} ${path}${printShown(shown, headers)}` }
}

/** What becomes of a request whose connection is closed, while it is still written or later. */
function closedBy(error: unknown): undefined {
  if (!['ECONNRESET', 'EPIPE'].includes(String(Object(error).code))) throw error
}
