import type { Cell } from './cells/index.ts'
import type { Comparison } from './comparison.ts'
import type { Goal } from './goals.ts'
import { judge, kept } from './judgement.ts'
import { reference } from './rounds.ts'
import type { Sample } from './sample.ts'
import { ratios, summarize } from './statistics.ts'

const heading = [
  '',
  'value',
  'ratio',
  '± quartiles',
  'per s',
  'cores',
  'p50',
  'p99',
  'p99.9',
  'failed',
  'kept',
  'thrown away',
]

/** What each candidate did in a cell. Latencies in milliseconds; `cores`: what the proxy used, 1 is saturated. */
export function printResults(samples: readonly Sample[], { id, title, unit }: Cell): string {
  const own = samples.filter(({ cell }) => cell === id)
  const names = [...new Set(own.map(({ candidate }) => candidate))].toSorted()
  const rows = names.map((name) => rowOf(own, name))
  return `${id}: ${title}; value: ${unit}\n${alignColumns([heading, ...rows])}\n${partsOfLintel(own)}`
}

function rowOf(samples: readonly Sample[], candidate: string): string[] {
  const all = samples.filter((sample) => sample.candidate === candidate)
  const counted = kept(all)
  const middle = (pick: (sample: Sample) => number | undefined): number =>
    summarize(counted.flatMap((sample) => pick(sample) ?? [])).median
  const ratio = summarize(ratios(kept(samples), candidate, reference))
  const figure = (name: string, digits: number): string =>
    show(
      middle(({ figures }) => figures[name]),
      digits,
    )
  return [
    candidate,
    show(
      middle(({ value }) => value),
      2,
    ),
    show(ratio.median, 2),
    show(ratio.spread, 2),
    figure('perSecond', 0),
    show(
      middle(({ usage }) => usage.proxy / usage.seconds),
      2,
    ),
    figure('p50', 2),
    figure('p99', 2),
    figure('p999', 2),
    String(counted.reduce((sum, { failed }) => sum + failed, 0)),
    String(counted.length),
    String(all.length - counted.length),
  ]
}

/** Control and supervisor are in Lintel's figures; here they stand apart, and what only some cells measure with them. */
function partsOfLintel(samples: readonly Sample[]): string {
  const counted = kept(samples).filter(({ candidate }) => candidate === 'lintel')
  const titles = [...new Set(counted.flatMap(({ usage }) => Object.keys(usage.parts)))]
  const common = new Set(['perSecond', 'p50', 'p99', 'p999', 'longest'])
  const names = [...new Set(counted.flatMap(({ figures }) => Object.keys(figures)))].filter((name) => !common.has(name))
  const cores = titles.map((title) => {
    const { median } = summarize(counted.map(({ usage }) => (usage.parts[title] ?? 0) / usage.seconds))
    return `${title} ${median.toFixed(3)} cores`
  })
  const others = names.map((name) => {
    const { median, most } = summarize(counted.flatMap(({ figures }) => figures[name] ?? []))
    return `${name} ${median.toFixed(3)} (most ${most.toFixed(3)})`
  })
  return [...cores, ...others].map((text) => `  ${text}\n`).join('')
}

/** Figure, goal, met or not. */
export function printGoals(samples: readonly Sample[], goals: readonly Goal[]): string {
  const rows = goals.map((goal) => {
    const { found, verdict } = judge(samples, goal)
    return [
      nameOf(goal),
      show(found.median, 2),
      showRange(found.interval),
      showRange([found.least, found.most]),
      String(goal.must),
      String(goal.goal ?? '-'),
      verdict,
    ]
  })
  return alignColumns([['', 'median', '9 in 10', 'range', 'must', 'goal', 'verdict'], ...rows])
}

/** A record and what was measured now, each by the interval of its median. */
export function printComparison(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ goal, before, now, change }) => [
    nameOf(goal),
    show(before.median, 2),
    showRange(before.interval),
    show(now.median, 2),
    showRange(now.interval),
    change,
  ])
  return alignColumns([['', 'before', '9 in 10', 'now', '9 in 10', 'change'], ...rows])
}

function nameOf({ cell, of }: Goal): string {
  return `${cell}: ${'ratioTo' in of ? `ratio to ${of.ratioTo}` : of.figure}`
}

function showRange([low, high]: readonly [low: number, high: number]): string {
  return Number.isNaN(low) ? '-' : `${show(low, 2)} to ${show(high, 2)}`
}

function show(value: number, digits: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(digits)
}

/** The first column to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}
