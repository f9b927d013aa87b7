import { introductionOf } from './introduction.ts'
import type { Introduction } from './introduction.ts'

/**
 * A feature page: a title, why, the objects, and a table of requests with what becomes of each.
 *
 * Where balancers stand in front, a first cell says how the connection begins (`introduction.ts`).
 * A request cell is `METHOD URL`, followed by fields in parentheses: `GET http://a.test/x (X-Thing: 1; Accept: text/plain)`.
 * An answer cell is `STATUS WORD`: the Service that answered, the reason word of an answer of our own, or the Location of
 * a redirect. The last cell is what the upstream received: `METHOD TARGET`, the fields that the page shows, or empty.
 */
export interface FeaturePage {
  readonly title: string
  /** All yaml blocks, in order. */
  readonly manifests: string
  /** From a line `Flags: --x --y=z`, if there is one. */
  readonly flags: readonly string[]
  /** From a line `Upstream fields: A, B`: what of the upstream's head the last cell shows besides the first line. */
  readonly shown: readonly string[]
  readonly rows: readonly FeatureRow[]
}

export interface FeatureRow {
  readonly request: {
    readonly method: string
    readonly url: string
    readonly fields: readonly (readonly [string, string])[]
  }
  /** undefined: the table has no cell for it. */
  readonly introduction: Introduction | undefined
  readonly answer: string
  readonly upstream: string
  /** Index of the line in the page. */
  readonly line: number
}

const tableRow = /^\|(?:([^|]*)\|)?([^|]+)\|([^|]*)\|([^|]*)\|$/

export function readFeaturePage(text: string): FeaturePage {
  const lines = text.split('\n')
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block ?? '')
  const flags = /^Flags: `(.*)`$/m.exec(text)?.[1]?.split(' ') ?? []
  return {
    title: lines[0]?.replace(/^# /, '') ?? '',
    manifests: blocks.join('---\n'),
    flags,
    shown: /^Upstream fields: `(.*)`$/m.exec(text)?.[1]?.split(', ') ?? [],
    rows: lines.flatMap(readRow),
  }
}

function readRow(line: string, index: number): FeatureRow[] {
  const cells = tableRow.exec(line)?.map((cell: string | undefined) => cell?.trim()) ?? []
  const [, first, asked = '', answer = '', upstream = ''] = cells
  const request = readRequest(asked)
  if (request === undefined) return []
  const introduction = first === undefined ? undefined : introductionOf(first)
  return [{ request, introduction, answer, upstream, line: index }]
}

function readRequest(text: string): FeatureRow['request'] | undefined {
  const [, method, url, fields] = /^([A-Z]+) (\S+)(?: \((.*)\))?$/.exec(text) ?? []
  if (method === undefined || url === undefined) return undefined
  return { method, url, fields: (fields?.split('; ') ?? []).map(readField) }
}

function readField(text: string): [string, string] {
  const colon = text.indexOf(': ')
  return [text.slice(0, colon), text.slice(colon + 2)]
}

/** The page with other answers in its table. */
export function printFeaturePage(text: string, rows: readonly FeatureRow[]): string {
  const lines = text.split('\n')
  for (const row of rows) {
    const [, first, request = ''] = tableRow.exec(lines[row.line] ?? '') ?? []
    const cells = [...(first === undefined ? [] : [first]), request, row.answer, row.upstream]
    lines[row.line] = `| ${cells.map((cell) => cell.trim()).join(' | ')} |`
  }
  return lines.join('\n')
}

/** Fields of an upstream's head as the last cell shows them. */
export function printShown(shown: readonly string[], fields: readonly (readonly [string, string])[]): string {
  return fields
    .filter(([name]) => shown.includes(name))
    .map(([name, text]) => ` ${name}: ${text}`)
    .join(';')
}
