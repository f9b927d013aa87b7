import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { childrenOf, titleOf } from './process-tree.ts'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** The first line of `--log json`. */
interface Ready {
  readonly event: 'ready'
  readonly http: readonly string[]
  readonly https: readonly string[]
  readonly admin: readonly string[]
  /** Where reviews are asked for. */
  readonly admission?: readonly string[]
  readonly version: number
}

export type LogLine = Readonly<Record<string, unknown>>

/** A real `lintel serve` on ports of its own, stopped by pid. */
export interface Lintel {
  readonly httpPort: number
  readonly httpsPort: number
  readonly adminPort: number
  /** NaN where nothing is reviewed. */
  readonly admissionPort: number
  readonly process: ChildProcess
  /** Every JSON line of standard output so far, the ready line first. */
  readonly lines: readonly LogLine[]
  /** All of standard error so far. */
  readonly errors: () => string
  /** Resolves with the first line, from now or before, for which `wanted` holds. */
  line(wanted: (line: LogLine) => boolean): Promise<LogLine>
  /** Pids of the processes with this title, such as `lintel: control`. Linux only: read from /proc. */
  pids(title: string): number[]
  /** SIGTERM; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

interface StartOptions {
  /** How many descriptors each process may have; the system's limit if nothing is said. */
  readonly descriptors?: number
  /** What is added to the environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** Milliseconds after which it is killed that is not ready: a start that hangs says what it has said. */
  readonly readyWithin?: number
}

/**
 * Starts `lintel serve ARGS` with `--log json`, on loopback and free ports, and waits until it is ready. Settles in any
 * case, so that a test may wait for it in order to stop it.
 */
export async function startLintel(
  args: readonly string[],
  input?: string,
  { descriptors, environment, readyWithin = 60_000 }: StartOptions = {},
): Promise<Lintel> {
  const ports = ['--http-port', '0', '--https-port', '0', '--healthz-port', '0']
  const fixed = ['serve', '--bind', '127.0.0.1', ...ports, '--log', 'json']
  const command = [process.execPath, program, ...fixed, ...args]
  const limited = descriptors === undefined ? [] : ['sh', '-c', `ulimit -n ${descriptors} && exec "$0" "$@"`]
  const [file = '', ...rest] = [...limited, ...command]
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  const lintel = observe(child)
  child.stdin.end(input)
  const late = setTimeout(() => child.kill('SIGKILL'), readyWithin)
  const ended = once(child, 'exit').then(() => {
    clearTimeout(late)
    const how = child.signalCode === 'SIGKILL' ? `was not ready after ${readyWithin} ms` : 'ended before it was ready'
    throw new Error(`lintel ${how}:\n${lintel.errors()}`)
  })
  const ready = (await Promise.race([lintel.line((line) => line['event'] === 'ready'), ended])) as unknown as Ready
  clearTimeout(late)
  ended.catch(() => undefined)
  return {
    ...lintel,
    httpPort: portOf(ready.http[0]),
    httpsPort: portOf(ready.https[0]),
    adminPort: portOf(ready.admin[0]),
    admissionPort: portOf(ready.admission?.[0] ?? 'none'),
  }
}

function portOf(address: string | undefined): number {
  return Number(address?.slice(address.lastIndexOf(':') + 1))
}

function observe(child: ChildProcess): Omit<Lintel, 'httpPort' | 'httpsPort' | 'adminPort' | 'admissionPort'> {
  const lines: LogLine[] = []
  const waiting = new Set<(line: LogLine) => void>()
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as LogLine
      lines.push(line)
      for (const hear of waiting) hear(line)
    })
  }
  return {
    process: child,
    lines,
    errors: () => errors,
    line: (wanted) => firstLine(lines, waiting, wanted),
    pids: (title) => childrenOf(child.pid ?? 0).filter((pid) => titleOf(pid) === title),
    stop: (signal = 'SIGTERM') => stop(child, signal),
  }
}

function firstLine(
  lines: readonly LogLine[],
  waiting: Set<(line: LogLine) => void>,
  wanted: (line: LogLine) => boolean,
): Promise<LogLine> {
  const found = lines.find(wanted)
  if (found !== undefined) return Promise.resolve(found)
  return new Promise((resolve) => {
    const hear = (line: LogLine): void => {
      if (!wanted(line)) return
      waiting.delete(hear)
      resolve(line)
    }
    waiting.add(hear)
  })
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exit = once(child, 'exit') as Promise<[number | null]>
  child.kill(signal)
  return (await exit)[0]
}
