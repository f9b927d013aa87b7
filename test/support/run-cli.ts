import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** Runs `lintel ARGS` to its end. */
export async function runCli(args: readonly string[], input = ''): Promise<CliResult> {
  return runProgram(process.execPath, [program, ...args], input)
}

/** Runs any program to its end. */
export async function runProgram(path: string, args: readonly string[], input = ''): Promise<CliResult> {
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  child.stdin.on('error', () => undefined).end(input)
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output, errors }
}
