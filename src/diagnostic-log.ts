import type { Diagnostic, Snapshot } from './model/index.ts'
import { printDiagnostic } from './print-diagnostic.ts'
import { placeDiagnostics } from './source/index.ts'

/** Says each diagnostic once, as long as it holds; the words are those of `check`. */
export class DiagnosticLog {
  /** What holds, with the words in which it was said. Those that compile has kept are not put into words again. */
  #said: ReadonlyMap<Diagnostic, string> = new Map()

  report(diagnostics: readonly Diagnostic[], snapshot: Snapshot): void {
    const before = new Set(this.#said.values())
    const words = (one: Diagnostic): string =>
      this.#said.get(one) ?? placeDiagnostics([one], snapshot).map(printDiagnostic).join('\n')
    this.#said = new Map(diagnostics.map((one) => [one, words(one)]))
    for (const line of new Set(this.#said.values())) if (!before.has(line)) console.error(line)
  }
}
