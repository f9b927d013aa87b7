import { parseArgs } from 'node:util'

import { playAll } from './campaign.ts'
import type { Outcome } from './campaign.ts'
import { families } from './cases/index.ts'
import type { Family } from './cases/index.ts'
import { targets } from './targets/index.ts'
import type { Target } from './targets/target.ts'
import { playUpstreams, upstreamVerdicts } from './upstream-campaign.ts'
import type { UpstreamVerdict } from './upstream-campaign.ts'
import { upstreamFamilies } from './upstream-families.ts'
import { judge, verdicts } from './verdict.ts'
import type { Judged } from './verdict.ts'

/** How long another target may be silent before it is asked once more, or given up. */
const patience = 5_000
/** Of ours there are none of these. */
const failing: ReadonlySet<string> = new Set(['unanswered', 'dangerous'])

const usage = 'npm run hostile -- [--target lintel|nginx|haproxy|caddy]… [--cases]'
/** The one that is held to every case. */
const ours = 'lintel'

interface Compared {
  readonly name: string
  readonly title: string
  readonly judged: ReadonlyMap<string, Judged>
  readonly upstreams: ReadonlyMap<string, UpstreamVerdict>
}

async function compare(target: Target, title: string): Promise<Compared> {
  const plays = new Map<string, Outcome[]>()
  const cases = families.flatMap((family) => family.cases)
  for (const outcome of await playAll(target, cases, patience)) {
    const { id } = outcome.one
    plays.set(id, [...(plays.get(id) ?? []), outcome])
  }
  const judged = new Map([...plays].map(([id, outcomes]) => [id, judge(outcomes)]))
  return { name: target.name, title, judged, upstreams: await playUpstreams(target, patience) }
}

/** Markdown: a row a family, a column a target. */
function printTable(compared: readonly Compared[]): string {
  const rows = [
    ['family', 'cases', ...compared.map(({ title }) => title)],
    ['---', '---:', ...compared.map(() => '---:')],
    ...families.map((family) => [
      `${family.name} (\`${family.prefix}-\`)`,
      String(family.cases.length),
      ...compared.map(({ judged }) => printCounts(judged, [family])),
    ]),
    [
      'all',
      String(families.reduce((sum, { cases }) => sum + cases.length, 0)),
      ...compared.map(({ judged }) => printCounts(judged, families)),
    ],
  ]
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function printCounts(judged: ReadonlyMap<string, Judged>, of: readonly Family[]): string {
  const cases = of.flatMap((family) => family.cases)
  return verdicts.map((verdict) => cases.filter(({ id }) => judged.get(id)?.verdict === verdict).length).join(' / ')
}

/** The same of hostile upstreams. */
function printUpstreams(compared: readonly Compared[]): string {
  const all = upstreamFamilies.flatMap(({ shapes }) => shapes)
  const rows = [
    ['shapes of upstreams', 'shapes', ...compared.map(({ title }) => title)],
    ['---', '---:', ...compared.map(() => '---:')],
    ...[...upstreamFamilies, { name: 'all', shapes: all }].map(({ name, shapes }) => [
      name,
      String(shapes.length),
      ...compared.map(({ upstreams }) =>
        upstreamVerdicts.map((verdict) => shapes.filter(({ id }) => upstreams.get(id) === verdict).length).join(' / '),
      ),
    ]),
  ]
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function printFailing({ title, judged }: Compared): string {
  const lines = families.flatMap(({ cases }) =>
    cases.flatMap(({ id, why }) => {
      const { verdict = '', dangers: [danger = verdict] = [] } = judged.get(id) ?? {}
      return failing.has(verdict) ? [`${id}: ${why}\n    ${danger}`] : []
    }),
  )
  return `\n${title}: ${lines.length} dangerous or unanswered\n\n${lines.join('\n')}`
}

/** What of ours must not be: a case that is dangerous or unanswered, a shape that is not right. */
function failuresOf({ judged, upstreams }: Compared): string[] {
  const failed = [...judged].filter(([, { verdict }]) => failing.has(verdict))
  const wrong = [...upstreams].filter(([, verdict]) => verdict !== 'right')
  return [
    ...failed.map(([id, { verdict }]) => `${id}: ${verdict}`),
    ...wrong.map(([id, verdict]) => `${id}: ${verdict}`),
  ]
}

/** Answers the exit code: 1 if ours fails in anything. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { target: { type: 'string', multiple: true }, cases: { type: 'boolean' } } })
  const names = values.target ?? targets.map(({ name }) => name)
  const unknown = names.find((name) => targets.every((target) => target.name !== name))
  if (unknown !== undefined) throw new Error(`there is no target ${unknown}: ${usage}`)
  const compared: Compared[] = []
  for (const target of targets.filter(({ name }) => names.includes(name))) {
    const version = target.version()
    if (version === undefined) console.error(`${target.name} cannot be had here; npm run tools brings it`)
    else compared.push(await compare(target, version))
  }
  console.log(`${verdicts.join(' / ')}\n\n${printTable(compared)}`)
  console.log(`\n${upstreamVerdicts.join(' / ')}\n\n${printUpstreams(compared)}`)
  if (values.cases === true) for (const each of compared) console.log(printFailing(each))
  const failures = compared.filter(({ name }) => name === ours).flatMap(failuresOf)
  for (const failure of failures) console.error(`${ours} fails: ${failure}`)
  return failures.length === 0 ? 0 : 1
}

process.exitCode = await main()
