import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { cells } from './cells/index.ts'
import { goals } from './goals.ts'
import { kept } from './judgement.ts'
import { recordFolder } from './record.ts'
import type { BenchRecord } from './record.ts'
import { quantile, ratios } from './statistics.ts'

/** Who is drawn, and in which colour; nginx is the line at 1. */
const colours: Readonly<Record<string, string>> = {
  lintel: '#0b6bcb',
  'nginx-tuned': '#5a6b7b',
  haproxy: '#2e8b57',
  caddy: '#b8860b',
  'node-undici': '#a0522d',
}

const [width, left, right, top, rowHeight] = [860, 270, 40, 74, 26]
/** The scale is logarithmic: half is as far from 1 as double. */
const [least, most] = [0.125, 16]
const marks = [0.25, 0.5, 1, 2, 4, 8]

/** Ratios to nginx of CPU for the same work: a dot at the median, a line from the first quartile to the third. */
export function drawChart({ commit, samples }: Pick<BenchRecord, 'commit' | 'samples'>): string {
  const rows = cells.flatMap(({ id, title }) => {
    const own = kept(samples).filter(({ cell }) => cell === id)
    const points = Object.keys(colours).map((name) => pointOf(name, ratios(own, name, 'nginx')))
    return points.some((point) => point.name === 'lintel' && point.values.length > 0) ? [{ id, title, points }] : []
  })
  const height = top + rows.length * rowHeight + 40
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(16, 24, `Cost relative to nginx (less is better), commit ${commit}`, 'font-size="15" font-weight="bold"'),
    ...drawLegend(),
    ...marks.map((mark) => drawMark(mark, height)),
    ...rows.map((row, at) => drawRow(row, top + (at + 0.5) * rowHeight)),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

interface Point {
  readonly name: string
  readonly values: readonly number[]
}

interface Row {
  readonly id: string
  readonly title: string
  readonly points: readonly Point[]
}

function pointOf(name: string, values: readonly number[]): Point {
  return { name, values: values.toSorted((a, b) => a - b) }
}

function drawLegend(): string[] {
  return Object.entries(colours)
    .map(
      ([name, colour], at) =>
        `<circle cx="${22 + at * 120}" cy="46" r="5" fill="${colour}"/>${text(32 + at * 120, 50, name)}`,
    )
    .concat(text(640, 50, '| not to be passed by Lintel', 'fill="#c00"'))
}

function drawMark(mark: number, height: number): string {
  const x = place(mark)
  const line = `<line x1="${x}" x2="${x}" y1="${top}" y2="${height - 30}" stroke="${mark === 1 ? '#222' : '#ddd'}"/>`
  return line + text(x, height - 12, mark === 1 ? 'nginx' : `${mark} ×`, 'text-anchor="middle"')
}

function drawRow({ id, title, points }: Row, y: number): string {
  const must = goals.find((goal) => goal.cell === id && 'ratioTo' in goal.of && goal.of.ratioTo === 'nginx')?.must
  const limit =
    must === undefined
      ? ''
      : `<line x1="${place(must)}" x2="${place(must)}" y1="${y - 10}" y2="${y + 10}" stroke="#c00" stroke-width="2"/>`
  return (
    text(16, y + 4, title) +
    limit +
    points
      .toReversed()
      .map((point) => drawPoint(point, y))
      .join('')
  )
}

function drawPoint({ name, values }: Point, y: number): string {
  if (values.length === 0) return ''
  const [low, middle, high] = [0.25, 0.5, 0.75].map((at) => place(quantile(values, at))) as [number, number, number]
  const colour = colours[name] ?? '#000'
  const label = `${name}: ${quantile(values, 0.5).toFixed(2)} × nginx`
  return `<g><title>${label}</title><line x1="${low}" x2="${high}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3"/><circle cx="${middle}" cy="${y}" r="5" fill="${colour}"/></g>`
}

function place(ratio: number): number {
  const clamped = Math.min(most, Math.max(least, ratio))
  const share = Math.log(clamped / least) / Math.log(most / least)
  return Math.round((left + share * (width - left - right)) * 10) / 10
}

function text(x: number, y: number, words: string, attributes = ''): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`
}

/** `node test/bench/chart.ts RECORD`: draws docs/bench/ratios.svg from the raw samples of a run. */
function main(path: string | undefined): void {
  if (path === undefined) throw new Error('which record? node test/bench/chart.ts docs/bench/COMMIT.json')
  const record = JSON.parse(readFileSync(path, 'utf8')) as BenchRecord
  writeFileSync(join(recordFolder, 'ratios.svg'), drawChart(record))
}

if (import.meta.main) main(process.argv[2])
