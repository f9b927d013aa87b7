import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'

/** What a load saw, as wrk.lua and load.c print it. Latencies in milliseconds. */
export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly failed: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly longest: number
}

/** The line of JSON that a load tool prints. */
export async function readLoadResult(child: ChildProcess, wait: 'line' | 'close'): Promise<LoadResult> {
  let output = ''
  const find = (): string | undefined => output.split('\n').find((text) => text.startsWith('{') && text.endsWith('}'))
  const said = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (wait === 'line' && find() !== undefined) resolve()
      })
  })
  await Promise.race([said, once(child, 'close')])
  const line = find()
  if (line === undefined) throw new Error(`the load gave no result:\n${output}`)
  return JSON.parse(line) as LoadResult
}

/** The form that wrk.lua and load.c read. */
export function writeRequests(path: string, requests: readonly string[]): void {
  const records = requests.map((request) => `${Buffer.byteLength(request, 'latin1')}\n${request}`)
  writeFileSync(path, records.join(''), 'latin1')
}
