import type { Compilation, Diagnostic, Snapshot } from '../model/index.ts'

/** What every worker serves, and all that there is to say of it. */
export interface Served {
  /** As the source gave it. */
  readonly snapshot: Snapshot
  /** The same as long as nothing but endpoints changes. */
  readonly compilation: Pick<Compilation, 'accepted'>
  readonly diagnostics: readonly Diagnostic[]
}
