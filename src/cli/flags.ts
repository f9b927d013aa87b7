import { parseArgs } from 'node:util'

import { nearest } from '../base/index.ts'
import { UsageError } from './usage-error.ts'

/** One flag: what it is called, what it takes, what it does. Parsing, help and docs/flags.md are made from it. */
export interface Flag {
  readonly name: string
  readonly alias?: string
  readonly short?: string
  /** What stands for its value in the help; absent: on or off. */
  readonly value?: string
  /** What it means without a value, which then has to be written with `=`. */
  readonly bare?: string
  readonly repeatable?: boolean
  /** As it is written in the help. */
  readonly standard?: string
  readonly doc: string
}

/** What was given: every value of every flag, by the flag's own name. */
export interface Given {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly operands: readonly string[]
}

const truths = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, 'true'] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, 'false'] as const),
])

/** Reads `--flag`, `--flag=value`, `--flag value` and Go's `--flag=false`. Throws a UsageError. */
export function readFlags(args: readonly string[], flags: readonly Flag[]): Given {
  const names = flags.flatMap((flag) =>
    [flag.name, ...(flag.alias === undefined ? [] : [flag.alias])].map((name) => [name, flag] as const),
  )
  const options = Object.fromEntries(names.map(([name, flag]) => [name, optionOf(name, flag)]))
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  const byName = new Map(names)
  const values = new Map<string, string[]>()
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const flag = byName.get(token.name)
    if (flag === undefined) throw unknownFlag(token.rawName, [...byName.keys()])
    const before = flag.repeatable === true ? (values.get(flag.name) ?? []) : []
    values.set(flag.name, [...before, valueOf(flag, isNextFlag(token) ? undefined : token.value)])
  }
  return { values, operands }
}

/** `--class --echo` is a class without a name; whoever means it writes `--class=--echo`. */
function isNextFlag({ value, inlineValue }: { value: string | undefined; inlineValue: boolean | undefined }): boolean {
  return inlineValue === false && value?.startsWith('--') === true
}

function optionOf(name: string, flag: Flag): { type: 'boolean' | 'string'; multiple: true; short?: string } {
  const type = flag.value === undefined || flag.bare !== undefined ? 'boolean' : 'string'
  return { type, multiple: true, ...(flag.short !== undefined && name === flag.name && { short: flag.short }) }
}

function valueOf(flag: Flag, value: string | undefined): string {
  if (flag.bare !== undefined && value === undefined) return flag.bare
  if (flag.value !== undefined) {
    if (value === undefined || value === '')
      throw new UsageError(`--${flag.name} needs a value: --${flag.name} ${flag.value}`)
    return value
  }
  const truth = truths.get(value ?? 'true')
  if (truth === undefined) throw new UsageError(`--${flag.name}=${value}: true or false wanted`)
  return truth
}

function unknownFlag(name: string, known: readonly string[]): UsageError {
  const near = nearest(name.replace(/^-+/, ''), known)
  return new UsageError(
    `unknown flag ${name}${near === undefined ? '; lintel help COMMAND lists them' : `: is --${near} meant?`}`,
  )
}

/** The flags as two columns. */
export function printFlags(flags: readonly Flag[]): string {
  const rows = flags.map(({ name, alias, short, value, bare, standard, repeatable, doc }) => {
    const names = [
      ...(short === undefined ? [] : [`-${short}`]),
      `--${name}`,
      ...(alias === undefined ? [] : [`--${alias}`]),
    ].join(', ')
    const notes = [
      ...(standard === undefined ? [] : [`default ${standard}`]),
      ...(repeatable === true ? ['repeatable'] : []),
    ]
    return [`${names}${printValue(value, bare)}`, notes.length === 0 ? doc : `${doc} (${notes.join(', ')})`] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('')
}

function printValue(value: string | undefined, bare: string | undefined): string {
  if (value === undefined) return ''
  return bare === undefined ? ` ${value}` : `[=${value}]`
}
