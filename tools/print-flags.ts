import type { Command } from '../src/cli/command.ts'
import type { Flag } from '../src/cli/flags.ts'
import { commands } from '../src/cli/index.ts'

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
    twin === undefined || twin.name === name ? printTable(flags) : `It takes the flags of \`${twin.name}\`.\n`
  return [`## ${name}\n`, `\`${usage}\`\n`, `${description}\n`, ...(flags.length === 0 ? [] : [text])].join('\n')
}

function printTable(flags: readonly Flag[]): string {
  const rows = [['flag', 'default', 'meaning'], ...flags.map(rowOf)]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  const rule = line(widths.map((width) => '-'.repeat(width)))
  return rows.map((row, at) => (at === 1 ? rule + line(row) : line(row))).join('')
}

function rowOf({ name, alias, short, value, standard, repeatable, doc }: Flag): string[] {
  const names = [name, ...(alias === undefined ? [] : [alias])].map((text) => `\`--${text}\``)
  const shown = [...(short === undefined ? [] : [`\`-${short}\``]), ...names].join(', ')
  const given = value === undefined ? '' : ` \`${value}\``
  const cells = [`${shown}${given}`, standard ?? '', repeatable === true ? `${doc} (repeatable)` : doc]
  return cells.map((cell) => cell.replaceAll('|', String.raw`\|`))
}

if (import.meta.main) process.stdout.write(printFlagPage())
