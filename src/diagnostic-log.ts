import type { Diagnostic, Snapshot } from './model/index.ts'
import { printDiagnostic } from './print-diagnostic.ts'
import { placeDiagnostics } from './source/index.ts'

/** Says each diagnostic once, as long as it holds; the words are those of `check`. A hint that changes is no news. */
export class DiagnosticLog {
  readonly #say: (line: string) => void
  /** What holds, with the words in which it was said. Those that compile has kept are not put into words again. */
  #said: ReadonlyMap<Diagnostic, string> = new Map()

  constructor(say: (line: string) => void) {
    this.#say = say
  }

  report(diagnostics: readonly Diagnostic[], snapshot: Snapshot): void {
    const before = new Set([...this.#said.values()].map(withoutHint))
    const words = (one: Diagnostic): string =>
      this.#said.get(one) ?? placeDiagnostics([one], snapshot).map(printDiagnostic).join('\n')
    this.#said = new Map(diagnostics.map((one) => [one, words(one)]))
    const now = new Map([...this.#said.values()].map((said) => [withoutHint(said), said]))
    for (const [found, said] of now) if (!before.has(found)) this.#say(said)
  }
}

/** Hints stand below, and go by what else there is: which name is the nearest to one that is not there. */
function withoutHint(words: string): string {
  return words.slice(0, words.indexOf('\n'))
}
