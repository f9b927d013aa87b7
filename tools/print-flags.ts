import type { Command } from '../src/cli/command.ts'
import type { Flag } from '../src/cli/flags.ts'
import { commands } from '../src/cli/index.ts'
import { printTable } from './print-table.ts'

/** docs/flags.md: every command with every flag, from the tables that parse them. */
export function printFlagPage(): string {
  return [head, ...commands.map(printCommand)].join('\n')
}

const head = `# Commands and flags

This page is made by \`node tools/print-flags.ts > docs/flags.md\`; a test fails if it is out of date.

\`--flag\`, \`--flag=value\` and \`--flag value\` are all read, and so is \`--flag=false\`. Of a flag that is not repeatable the last
one counts. A duration is written \`1m30s\` or \`500ms\`; a bare number is seconds. An unknown flag ends the command with exit
code 2. Flags are read once, at the start. \`--help\` and \`-h\` after any command print its help.
`

function printCommand({ name, operands, description, flags }: Command): string {
  const usage = ['lintel', name, ...(flags.length === 0 ? [] : ['[FLAGS]']), operands].join(' ').trim()
  const twin = commands.find((command) => command.flags === flags && flags.length > 0)
  const text =
    twin === undefined || twin.name === name
      ? printTable(['flag', 'default', 'meaning'], flags.map(rowOf))
      : `It takes the flags of \`${twin.name}\`.\n`
  return [`## ${name}\n`, `\`${usage}\`\n`, `${description}\n`, ...(flags.length === 0 ? [] : [text])].join('\n')
}

function rowOf({ name, alias, short, value, standard, repeatable, doc }: Flag): string[] {
  const names = [name, ...(alias === undefined ? [] : [alias])].map((text) => `\`--${text}\``)
  const shown = [...(short === undefined ? [] : [`\`-${short}\``]), ...names].join(', ')
  const given = value === undefined ? '' : ` \`${value}\``
  return [`${shown}${given}`, standard ?? '', repeatable === true ? `${doc} (repeatable)` : doc]
}

if (import.meta.main) process.stdout.write(printFlagPage())
