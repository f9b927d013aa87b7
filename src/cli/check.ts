import type { Assembled } from '../assembly.ts'
import { expiredCertificates, kinds } from '../compile/index.ts'
import type { Diagnostic, ObjectRef } from '../model/index.ts'
import { printDiagnostic } from '../print-diagnostic.ts'
import { placeDiagnostics } from '../source/index.ts'
import type { Command } from './command.ts'
import { checkFlags } from './flag-table.ts'
import { FlagValues } from './flag-values.ts'
import { assembleOnce, readObjectOptions } from './object-options.ts'

export const check: Command = {
  name: 'check',
  operands: 'PATH…',
  summary: 'Say what is wrong with files, or in a cluster, and what would not be served as written',
  description:
    'Exit code 0: no error; 1: some error; 2: the command itself cannot be understood, or a path is not there.',
  flags: checkFlags,
  async run(given, terminal) {
    const values = new FlagValues(given)
    const output = values.word('output', ['text', 'json'])
    const assembled = await assembleOnce(await readObjectOptions(values, given.operands, terminal.input), terminal)
    const { compilation, snapshot } = assembled
    const found = [...assembled.diagnostics, ...expiredCertificates(compilation, Date.now())]
    const diagnostics = placeDiagnostics(found, snapshot).toSorted(comparePlace)
    const summary = summarize(assembled)
    terminal.print(
      output === 'json' ? JSON.stringify({ diagnostics, summary }, undefined, 2) : printReport(diagnostics, summary),
    )
    return diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0
  },
}

function comparePlace(a: Diagnostic, b: Diagnostic): number {
  const [first, second] = [a.file ?? '', b.file ?? '']
  if (first !== second) return first < second ? -1 : 1
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

interface Summary {
  readonly objects: number
  readonly accepted: number
  readonly refused: number
}

/** Counts what was given; what stands in for it is nobody's object. */
function summarize({ given, accepted, refused }: Assembled): Summary {
  const own = new Set(kinds.flatMap(({ kind }) => given.list(kind)).map(({ ref }) => ref))
  const count = (refs: readonly ObjectRef[]): number => refs.filter((ref) => own.has(ref)).length
  return { objects: count([...accepted, ...refused]), accepted: count(accepted), refused: count(refused) }
}

function printReport(diagnostics: readonly Diagnostic[], summary: Summary): string {
  const count = (severity: Diagnostic['severity']): string =>
    plural(diagnostics.filter((diagnostic) => diagnostic.severity === severity).length, severity)
  const totals = `${plural(summary.objects, 'object')}: ${summary.accepted} accepted, ${summary.refused} refused; ${count('error')}, ${count('warning')}, ${count('note')}`
  return [...diagnostics.map(printDiagnostic), totals].join('\n')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
