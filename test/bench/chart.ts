import { cells } from './cells/index.ts'
import type { Cell } from './cells/index.ts'
import { goals } from './goals.ts'
import { kept } from './judgement.ts'
import { samplesOf } from './record.ts'
import type { BenchRecord } from './record.ts'
import { reference } from './rounds.ts'
import type { Sample } from './sample.ts'
import { quantile, ratios } from './statistics.ts'

/** Who is drawn, in the colours of light and of dark pages; the reference is the line at 1. The last is drawn above the others. */
const inks = {
  floor: ['#6e7781', '#9198a1'],
  'nginx-tuned': ['#1b7f79', '#4fc4bd'],
  haproxy: ['#8250df', '#bc8cff'],
  caddy: ['#bf8700', '#e3b341'],
  'node-undici': ['#bc4c00', '#f0883e'],
  lintel: ['#0550ae', '#58a6ff'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>

type Drawn = keyof typeof inks
const drawn = Object.keys(inks) as Drawn[]
/** How far below the middle of its row each is drawn, so that equals stand side by side. Nobody is as cheap as the floor. */
const lanes: Readonly<Record<Drawn, number>> = {
  caddy: -11,
  haproxy: -5.5,
  lintel: 0,
  floor: 0,
  'nginx-tuned': 5.5,
  'node-undici': 11,
}

const [width, left, right, top, rowHeight] = [900, 290, 130, 92, 36]
/** The scale is logarithmic: half is as far from 1 as double. */
const [least, most] = [0.125, 16]
const marks = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16]

/** The ratios of a cell, of those that have any. */
interface Row {
  readonly cell: Cell
  readonly ratios: ReadonlyMap<Drawn, readonly number[]>
}

/** Ratios to nginx of CPU, or memory, for the same work: a mark at the median, a line from the first quartile to the third. */
export function drawChart(record: BenchRecord): string {
  const samples = kept(samplesOf(record))
  const rows = cells.map((cell) => rowOf(cell, samples)).filter((row) => row.ratios.has('lintel'))
  const height = top + rows.length * rowHeight + 36
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<style>${printStyle()}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    text(16, 26, 'Cost relative to nginx: less is better', 'font-size="16" font-weight="bold"'),
    text(width - 16, 26, `${record.commit}${record.changed ? ', changed' : ''}`, 'class="faint" text-anchor="end"'),
    ...drawLegend(),
    ...marks.map((mark) => drawMark(mark, height)),
    ...rows.map((row, at) => drawRow(row, top + (at + 0.5) * rowHeight)),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

function rowOf(cell: Cell, samples: readonly Sample[]): Row {
  const own = samples.filter((sample) => sample.cell === cell.id)
  const found = drawn.map((name) => [name, ratios(own, name, reference).toSorted((a, b) => a - b)] as const)
  return { cell, ratios: new Map(found.filter(([, values]) => values.length > 0)) }
}

interface Paper {
  readonly page: string
  readonly ink: string
  readonly faint: string
  readonly line: string
  readonly limit: string
}

const light: Paper = { page: '#ffffff', ink: '#1f2328', faint: '#59636e', line: '#d1d9e0', limit: '#cf222e' }
const dark: Paper = { page: '#0d1117', ink: '#f0f6fc', faint: '#9198a1', line: '#3d444d', limit: '#ff7b72' }

/** A page decides by its own colours which of the two is seen. */
function printStyle(): string {
  return `${printPaper(light, 0)}@media (prefers-color-scheme:dark){${printPaper(dark, 1)}}`
}

function printPaper({ page, ink, faint, line, limit }: Paper, scheme: 0 | 1): string {
  return [
    `.page{fill:${page}}text{fill:${ink}}.faint{fill:${faint}}.grid{stroke:${line}}.one{stroke:${ink}}`,
    `.limit{stroke:${limit}}.limit-text{fill:${limit}}`,
    ...drawn.map((name) => `.${name}{fill:${inks[name][scheme]};stroke:${inks[name][scheme]}}`),
    `.floor circle,circle.floor{fill:${page}}`,
  ].join('')
}

function drawLegend(): string[] {
  const step = 112
  const entries = drawn.toReversed().map((name, at) => {
    const x = 22 + at * step
    return `<circle class="${name}" cx="${x}" cy="52" r="${radiusOf(name)}"/>${text(x + 11, 56.5, name)}`
  })
  const x = 22 + drawn.length * step
  const limit = `<line class="limit" x1="${x}" x2="${x}" y1="44" y2="60" stroke-width="2"/>`
  return [...entries, limit + text(x + 9, 56.5, 'most that Lintel may cost', 'class="limit-text"')]
}

function drawMark(mark: number, height: number): string {
  const [x, kind] = [place(mark), mark === 1 ? 'one' : 'grid']
  const label = mark === 1 ? reference : `${mark} ×`
  return (
    `<line class="${kind}" x1="${x}" x2="${x}" y1="${top - 4}" y2="${height - 30}"/>` +
    text(x, top - 10, label, 'class="faint" font-size="11" text-anchor="middle"') +
    text(x, height - 14, label, 'class="faint" font-size="11" text-anchor="middle"')
  )
}

function drawRow({ cell, ratios: found }: Row, y: number): string {
  const must = goals.find(({ cell: id, of }) => id === cell.id && 'ratioTo' in of && of.ratioTo === reference)?.must
  const limit =
    must === undefined
      ? ''
      : `<line class="limit" x1="${place(must)}" x2="${place(must)}" y1="${y - 15}" y2="${y + 15}" stroke-width="2"/>`
  const own = found.get('lintel') ?? []
  return [
    text(16, y + 4.5, cell.title),
    limit,
    ...drawn.map((name) => drawPoint(name, found.get(name) ?? [], y + lanes[name])),
    text(width - 16, y + 4.5, `Lintel ${quantile(own, 0.5).toFixed(2)} ×`, 'font-weight="bold" text-anchor="end"'),
  ].join('')
}

function drawPoint(name: Drawn, values: readonly number[], y: number): string {
  if (values.length === 0) return ''
  const [low, middle, high] = [0.25, 0.5, 0.75].map((at) => place(quantile(values, at))) as [number, number, number]
  const title = `${name}: ${quantile(values, 0.5).toFixed(2)} × ${reference}, ${values.length} rounds`
  return `<g class="${name}"><title>${title}</title><line x1="${low}" x2="${high}" y1="${y}" y2="${y}" stroke-width="3"/><circle cx="${middle}" cy="${y}" r="${radiusOf(name)}"/></g>`
}

function radiusOf(name: Drawn): number {
  return name === 'lintel' ? 6 : 4
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
