import { cells } from './cells/index.ts'
import { goals } from './goals.ts'
import type { Goal } from './goals.ts'
import { judge, kept } from './judgement.ts'
import type { Verdict } from './judgement.ts'
import { samplesOf } from './record.ts'
import type { BenchRecord } from './record.ts'
import { reference } from './rounds.ts'
import type { Sample } from './sample.ts'
import { ratios, summarize } from './statistics.ts'

/** Columns of the first table. */
const shown = ['lintel', 'haproxy', 'caddy', 'node-undici', 'floor']

const words: Readonly<Record<Verdict, string>> = {
  'goal reached': 'goal reached',
  met: 'met',
  missed: '**missed**',
  'not measured': 'not measured',
}

/** What a record says, as it stands in the README: medians of ratios to nginx, and what was to be reached. */
export function printFigures(record: BenchRecord): string {
  const samples = samplesOf(record)
  return [printConditions(record), printRatios(kept(samples)), printJudgements(samples)].join('\n\n')
}

/** More neighbours than this are not left out as noise: the machine was shared. */
const quiet = 1

function printConditions({ commit, changed, runs }: BenchRecord): string {
  const [{ machine } = { machine: undefined }] = runs
  const where = machine === undefined ? '' : ` on ${machine.cores} cores of ${machine.processor}`
  const isShared = runs.some(({ options }) => options.neighbours > quiet)
  const beside = isShared ? ' Other programs were at work on the machine, so that they are rough.' : ''
  return `Commit ${commit}${changed ? ' with changes' : ''}${where}. Medians of ratios to nginx.${beside}`
}

function printRatios(samples: readonly Sample[]): string {
  const rows = cells.flatMap(({ id, title }) => {
    const own = samples.filter(({ cell }) => cell === id)
    const found = shown.map((name) => summarize(ratios(own, name, reference)).median)
    return Number.isNaN(found[0]) ? [] : [[title, ...found.map((median) => show(median))]]
  })
  return printTable([['', ...shown], ...rows])
}

function printJudgements(samples: readonly Sample[]): string {
  const rows = goals.map((goal) => {
    const { found, verdict } = judge(samples, goal)
    const isWorst = 'figure' in goal.of && goal.of.figure !== 'value'
    return [
      printGoal(goal),
      `${goal.must}`,
      `${goal.goal ?? ''}`,
      show(isWorst ? found.most : found.median),
      isWorst || Number.isNaN(found.median) ? '' : `${show(found.interval[0])} to ${show(found.interval[1])}`,
      words[verdict],
    ]
  })
  return printTable([['of Lintel', 'at most', 'goal', 'found', 'median of more, 9 in 10', ''], ...rows])
}

const figureNames: Readonly<Record<string, string>> = {
  failed: 'failures',
  longestTurn: "longest turn of a worker's loop, ms",
}

function printGoal({ cell: id, of }: Goal): string {
  const cell = cells.find((one) => one.id === id)
  const what = 'ratioTo' in of ? `ratio to ${of.ratioTo}` : (figureNames[of.figure] ?? cell?.unit ?? of.figure)
  return `${cell?.title ?? id}: ${what}`
}

function show(value: number): string {
  if (Number.isNaN(value)) return ''
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(2)
}

/** In Markdown, columns padded as its formatter does. */
function printTable([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) => Math.max(3, ...[heading, ...rows].map((row) => row[column]?.length ?? 0)))
  const print = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [print(heading), print(widths.map((size) => '-'.repeat(size))), ...rows.map(print)].join('\n')
}
