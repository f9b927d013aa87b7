/**
 * A feature page: a title, why, the objects, and a table of requests with what becomes of each.
 *
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
  readonly answer: string
  readonly upstream: string
  /** Index of the line in the page. */
  readonly line: number
}

const tableRow = /^\|([^|]+)\|([^|]*)\|([^|]*)\|$/

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
  const cells = tableRow
    .exec(line)
    ?.slice(1)
    .map((cell) => cell.trim())
  const request = /^([A-Z]+) (\S+)(?: \((.*)\))?$/.exec(cells?.[0] ?? '')
  if (cells === undefined || request === null) return []
  const [, method = '', url = '', fieldText] = request
  const fields = (fieldText?.split('; ') ?? []).map(readField)
  return [{ request: { method, url, fields }, answer: cells[1] ?? '', upstream: cells[2] ?? '', line: index }]
}

function readField(text: string): [string, string] {
  const colon = text.indexOf(': ')
  return [text.slice(0, colon), text.slice(colon + 2)]
}

/** The page with other answers in its table. */
export function printFeaturePage(text: string, rows: readonly FeatureRow[]): string {
  const lines = text.split('\n')
  for (const row of rows) {
    const request = tableRow.exec(lines[row.line] ?? '')?.[1]?.trim()
    lines[row.line] = `| ${request} | ${row.answer} | ${row.upstream} |`
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
