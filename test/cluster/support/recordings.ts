import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { Exchange } from './record.ts'

const folder = new URL('../recordings/', import.meta.url)

/** What the real server once answered; `UPDATE=1` asks it anew. */
export function readRecording(name: string): Exchange {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Exchange
}

export function writeRecording(name: string, exchange: Exchange): void {
  mkdirSync(fileURLToPath(folder), { recursive: true })
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(exchange, undefined, 2)}\n`)
}
