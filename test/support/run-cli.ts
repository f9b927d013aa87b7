import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { runCommand } from '../../src/cli/run-command.ts'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** What is added to the environment. */
type Environment = Readonly<Record<string, string>>

export interface CliResult {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** Runs `lintel ARGS` to its end, within this process: all of a command but its start and its streams. */
export async function runCli(args: readonly string[], input: string | Buffer = ''): Promise<CliResult> {
  const [output, errors]: [string[], string[]] = [[], []]
  const code = await runCommand(args, {
    input: inputOf(input),
    print: (line) => output.push(`${line}\n`),
    complain: (line) => errors.push(`${line}\n`),
  })
  return { code, output: output.join(''), errors: errors.join('') }
}

async function* inputOf(given: string | Buffer): AsyncGenerator<string | Buffer> {
  yield await Promise.resolve(given)
}

/** Runs `lintel ARGS` to its end as a process of its own. */
export async function runLintel(
  args: readonly string[],
  input = '',
  environment: Environment = {},
): Promise<CliResult> {
  return runProgram(process.execPath, [program, ...args], input, environment)
}

/** Runs any program to its end. */
export async function runProgram(
  path: string,
  args: readonly string[],
  input = '',
  environment: Environment = {},
): Promise<CliResult> {
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  child.stdin.on('error', () => undefined).end(input)
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output, errors }
}
