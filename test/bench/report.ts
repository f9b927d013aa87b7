import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { drawChart } from './chart.ts'
import { printFigures } from './figures.ts'
import { readRecord, recordFolder } from './record.ts'

const readme = join(import.meta.dirname, '../../README.md')
const [begin, end] = ['<!-- printed by test/bench/report.ts -->', '<!-- end of what it prints -->']

/** Puts what is printed of a record in the place of what was printed of the one before. */
export function replaceFigures(page: string, figures: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no place for figures: ${begin} … ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${figures}\n\n${page.slice(to)}`
}

/** `node test/bench/report.ts RECORD`: draws docs/bench/ratios.svg and prints the figures of the README from a record. */
function main(path: string | undefined): void {
  if (path === undefined) throw new Error('which record? node test/bench/report.ts docs/bench/COMMIT.json')
  const record = readRecord(path)
  writeFileSync(join(recordFolder, 'ratios.svg'), drawChart(record))
  writeFileSync(readme, replaceFigures(readFileSync(readme, 'utf8'), printFigures(record)))
}

if (import.meta.main) main(process.argv[2])
