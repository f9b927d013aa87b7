import type { Flag, Given } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** One command: what it takes, what it says of itself, what it does. */
export interface Command {
  readonly name: string
  /** What follows the name in the help. */
  readonly operands: string
  readonly summary: string
  readonly description: string
  readonly flags: readonly Flag[]
  /** Resolves with the exit code: 0 well, 1 findings, 2 usage. */
  run(given: Given, terminal: Terminal): Promise<number>
}
