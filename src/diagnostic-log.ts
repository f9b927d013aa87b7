import type { Diagnostic, Snapshot } from './model/index.ts'
import { printDiagnostic } from './print-diagnostic.ts'
import { placeDiagnostics } from './source/index.ts'

/** A diagnostic in words. */
interface Words {
  readonly line: string
  /** Without the hint: that stands below, and goes by what else there is: which name is the nearest to one that is not there. */
  readonly finding: string
}

/** Says each diagnostic once, as long as it holds; the words are those of `check`. A hint that changes is no news. */
export class DiagnosticLog {
  readonly #say: (line: string) => void
  #reported: readonly Diagnostic[] = []
  /** What holds, in the words in which it was said. Those that compile has kept are not put into words again. */
  #words: ReadonlyMap<Diagnostic, Words> = new Map()
  #said: ReadonlyMap<string, string> = new Map()

  constructor(say: (line: string) => void) {
    this.#say = say
  }

  /** The list that was reported last is not looked at again. */
  report(diagnostics: readonly Diagnostic[], snapshot: Snapshot): void {
    if (diagnostics === this.#reported) return
    this.#reported = diagnostics
    this.#words = new Map(diagnostics.map((one) => [one, this.#words.get(one) ?? wordsOf(one, snapshot)]))
    const before = this.#said
    this.#said = new Map([...this.#words.values()].map(({ finding, line }) => [finding, line]))
    for (const [finding, line] of this.#said) if (!before.has(finding)) this.#say(line)
  }
}

function wordsOf(diagnostic: Diagnostic, snapshot: Snapshot): Words {
  const line = placeDiagnostics([diagnostic], snapshot).map(printDiagnostic).join('\n')
  return { line, finding: line.slice(0, line.indexOf('\n')) }
}
