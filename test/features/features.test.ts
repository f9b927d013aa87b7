import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
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
  describe(page.title, () => {
    let lintel: Lintel
    before(async () => {
      lintel = await startLintel(['--workers', '1', ...flags, manifests])
    })
    after(async () => {
      await lintel.stop()
      if (update) await rewrite(file, text, page, [...flags, manifests])
      rmSync(scratch, { recursive: true })
    })
    test('has requests', () => assert.ok(page.rows.length > 0))
    for (const row of page.rows) {
      const { method, url } = row.request
      test(`explain: ${method} ${url}`, { skip: update && 'UPDATE=1' }, async () => {
        assert.deepEqual(await explained(row, page.shown, [...flags, manifests]), outcomeOf(row))
      })
      test(`serve: ${method} ${url}`, { skip: update && 'UPDATE=1' }, async () => {
        assert.deepEqual(await served(row, page.shown, lintel), outcomeOf(row))
      })
    }
  })
}

function outcomeOf(row: FeatureRow): Outcome {
  return { answer: row.answer, upstream: row.upstream }
}

async function rewrite(file: string, text: string, page: FeaturePage, args: readonly string[]): Promise<void> {
  const rows = await Promise.all(page.rows.map(async (row) => ({ ...row, ...(await explained(row, page.shown, args)) })))
  writeFileSync(file, printFeaturePage(text, rows))
}

async function explained(row: FeatureRow, shown: readonly string[], args: readonly string[]): Promise<Outcome> {
  const told = await explainOnce(row.request, args)
  return { answer: `${told.status} ${told.word}`, upstream: told.upstreamLine + printShown(shown, told.upstreamFields) }
}

/** An echo says what it received; everything else was answered by Lintel itself. */
async function served(row: FeatureRow, shown: readonly string[], lintel: Lintel): Promise<Outcome> {
  const length = Number(row.request.fields.find(([name]) => name === 'Content-Length')?.[1] ?? 0)
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const { status, fields, body } = await ask(ports, { ...row.request, body: 'x'.repeat(length) })
  if (fields['content-type'] !== 'application/json') {
    return { answer: `${status} ${fields.location ?? body.split(' ')[1]}`, upstream: '' }
  }
  const { service, method, path, headers } = JSON.parse(body) as EchoAnswer
  return { answer: `${status} ${service}`, upstream: `${method} ${path}${printShown(shown, headers)}` }
}
