import type { Cell } from './cells.ts'
import type { Sample } from './sample.ts'
import { ratios, summarize } from './statistics.ts'

/** Everything is compared to this one. */
export const reference = 'nginx'

const heading = ['cell', 'candidate', 'us', 'ratio', 'spread', 'per s', 'core', 'p50', 'p99', 'p99.9', 'kept', 'thrown']

export function printTable(samples: readonly Sample[], cells: readonly Cell[]): string {
  const rows = cells.flatMap(({ id }) => {
    const own = samples.filter(({ cell }) => cell === id)
    return [...new Set(own.map(({ candidate }) => candidate))].map((candidate) => rowOf(own, id, candidate))
  })
  return alignColumns([heading, ...rows])
}

function rowOf(samples: readonly Sample[], cell: string, candidate: string): string[] {
  const all = samples.filter((sample) => sample.candidate === candidate)
  const kept = all.filter(({ discarded }) => discarded === undefined)
  const middle = (pick: (sample: Sample) => number | undefined): number =>
    summarize(kept.flatMap((sample) => pick(sample) ?? [])).median
  const ratio = summarize(
    ratios(
      samples.filter(({ discarded }) => discarded === undefined),
      candidate,
      reference,
    ),
  )
  const figure = (name: string, digits: number): string =>
    show(
      middle(({ figures }) => figures[name]),
      digits,
    )
  return [
    cell,
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
    String(kept.length),
    String(all.length - kept.length),
  ]
}

function show(value: number, digits: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(digits)
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return rows.map(line).join('\n')
}
