import { nearest } from '../base/index.ts'
import { PathNotFound } from '../source/index.ts'
import type { Command } from './command.ts'
import { printFlags, readFlags } from './flags.ts'
import { commands } from './index.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const helpFlag = { name: 'help', short: 'h', doc: 'Say how it is used' }

function printOverview(): string {
  const width = Math.max(...commands.map(({ name, operands }) => `${name} ${operands}`.length))
  const rows = commands.map(({ name, operands, summary }) => `  ${`${name} ${operands}`.padEnd(width)}  ${summary}\n`)
  return `Lintel serves Kubernetes Ingresses.\n\nUsage: lintel COMMAND\n\n${rows.join('')}  ${'help COMMAND'.padEnd(width)}  Say how a command is used`
}

function printHelp({ name, operands, summary, description, flags }: Command): string {
  const shown = flags.length === 0 ? '' : `\n\nFlags:\n${printFlags(flags)}`.trimEnd()
  return `${summary}.\n\nUsage: lintel ${name}${flags.length === 0 ? '' : ' [FLAGS]'} ${operands}\n\n${description}${shown}`
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  const near = nearest(
    name,
    commands.map((command) => command.name),
  )
  throw new UsageError(
    `unknown command ${name}${near === undefined ? '' : `: is ${near} meant?`}\nlintel help lists the commands.`,
  )
}

async function run([name, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const [of] = name === 'help' ? rest : []
    terminal.print(of === undefined ? printOverview() : printHelp(findCommand(of)))
    return name === undefined ? 2 : 0
  }
  const command = findCommand(name === '--version' ? 'version' : name)
  const given = readFlags(rest, [...command.flags, helpFlag])
  if (!given.values.has('help')) return command.run(given, terminal)
  terminal.print(printHelp(command))
  return 0
}

/** Runs a command line to its end; answers its exit code: 0 well, 1 findings, 2 usage. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal)
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof PathNotFound)) throw error
    terminal.complain(`lintel: ${error.message}`)
    return 2
  }
}
