import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const watcher = fileURLToPath(new URL('watch-turns.ts', import.meta.url))
const deadline = 5_000
const pause = 5

/** What a Node process needs in its environment, so that `takeLongestTurn` can ask it. */
export function watchTurns(folder: string): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import=${watcher}`, LINTEL_BENCH_TURNS: folder }
}

/** Milliseconds of the longest turn of a process's loop since it was last asked. */
export async function takeLongestTurn(pid: number, folder: string): Promise<number> {
  const path = join(folder, `${pid}.turns`)
  rmSync(path, { force: true })
  process.kill(pid, 'SIGUSR2')
  for (const until = performance.now() + deadline; !existsSync(path); await wait(pause))
    if (performance.now() > until) throw new Error(`process ${pid} does not say how long its turns are`)
  return Number(readFileSync(path, 'utf8'))
}
