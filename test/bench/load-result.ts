import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

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

/** The line of JSON that a load prints. */
export async function readLoadResult(child: ChildProcess): Promise<LoadResult> {
  return JSON.parse(await untilSays(child, (line) => line.startsWith('{') && line.endsWith('}'))) as LoadResult
}

/** The first line of what is still to come that is the one looked for. Rejects when the program ends without it. */
export function untilSays({ stdout, exitCode }: ChildProcess, isIt: (line: string) => boolean): Promise<string> {
  const said: string[] = []
  if (stdout === null || exitCode !== null) throw new Error('nothing more is heard of this program')
  const lines = createInterface({ input: stdout })
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      if (!isIt(line)) return
      resolve(line)
      lines.close()
    })
    lines.once('close', () => reject(new Error(`the program gave no result:\n${said.join('\n')}`)))
  })
}

/** The form that wrk.lua and load.c read. */
export function writeRequests(path: string, requests: readonly string[]): void {
  const records = requests.map((request) => `${Buffer.byteLength(request, 'latin1')}\n${request}`)
  writeFileSync(path, records.join(''), 'latin1')
}
