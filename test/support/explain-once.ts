import { fieldsOf } from '../../src/http/index.ts'
import type { FeatureRow } from './feature-page.ts'
import { runCli } from './run-cli.ts'

export interface ToldOnce {
  readonly status: number
  /** The Service that would answer, the reason of an answer of our own, or where a redirect leads. */
  readonly word: string
  /** `METHOD TARGET` as the upstream would receive it; '' if it is not asked. */
  readonly upstreamLine: string
  readonly upstreamFields: readonly (readonly [name: string, value: string])[]
}

interface Told {
  readonly outcome: string
  readonly status?: number
  readonly reason?: string
  readonly location?: string
  readonly service?: { readonly name: string }
  readonly upstreamHead?: string
}

/** Asks `lintel explain -o json`. */
export async function explainOnce(
  { method, url, fields }: FeatureRow['request'],
  args: readonly string[],
): Promise<ToldOnce> {
  const flags = ['--method', method, ...fields.flatMap(([name, value]) => ['--header', `${name}: ${value}`])]
  const { code, output, errors } = await runCli(['explain', '-o', 'json', ...flags, url, ...args])
  if (code !== 0) throw new Error(`explain ${url} ended with ${code}: ${errors}`)
  const told = JSON.parse(output) as Told
  const [line = '', ...lines] = told.upstreamHead?.trimEnd().split('\r\n') ?? []
  return {
    status: told.status ?? 200,
    word: told.location ?? told.reason ?? told.service?.name ?? '',
    upstreamLine: line.replace(/ HTTP\/1\.1$/, ''),
    upstreamFields: fieldsOf(lines.map((each) => `${each}\r\n`).join('')),
  }
}
