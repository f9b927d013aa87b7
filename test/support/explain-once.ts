import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import type { FeatureRow } from './feature-page.ts'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface ToldOnce {
  readonly status: number
  /** The Service that would answer, the reason of an answer of our own, or where a redirect leads. */
  readonly word: string
  /** `METHOD TARGET` as the upstream would receive it; '' if it is not asked. */
  readonly upstreamLine: string
}

interface Told {
  readonly outcome: string
  readonly status?: number
  readonly reason?: string
  readonly location?: string
  readonly service?: { readonly name: string }
  readonly upstreamHead?: string
}

/** Asks the real `lintel explain -o json`. */
export function explainOnce({ method, url, fields }: FeatureRow['request'], args: readonly string[]): ToldOnce {
  const flags = ['--method', method, ...fields.flatMap(([name, value]) => ['--header', `${name}: ${value}`])]
  const text = execFileSync(process.execPath, [program, 'explain', '-o', 'json', ...flags, url, ...args], {
    encoding: 'utf8',
  })
  const told = JSON.parse(text) as Told
  const line = told.upstreamHead?.split('\r\n')[0]?.replace(/ HTTP\/1\.1$/, '') ?? ''
  return {
    status: told.status ?? 200,
    word: told.location ?? told.reason ?? told.service?.name ?? '',
    upstreamLine: line,
  }
}
