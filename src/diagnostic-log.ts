import type { Diagnostic, Snapshot } from './model/index.ts'
import { printDiagnostic } from './print-diagnostic.ts'
import { placeDiagnostics } from './source/index.ts'

/** Says each diagnostic once, as long as it holds; the words are those of `check`. */
export class DiagnosticLog {
  readonly #said = new Set<string>()

  report(diagnostics: readonly Diagnostic[], snapshot: Snapshot): void {
    const lines = placeDiagnostics(diagnostics, snapshot).map(printDiagnostic)
    for (const line of lines) if (!this.#said.has(line)) console.error(line)
    this.#said.clear()
    for (const line of lines) this.#said.add(line)
  }
}
