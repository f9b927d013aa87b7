import type { Examine } from './admission/index.ts'
import { createAssembly } from './assembly.ts'
import type { Assembled, Assembly } from './assembly.ts'
import type { Clock } from './base/index.ts'
import { expiredCertificates } from './compile/index.ts'
import type { Diagnostic, DiagnosticCode, SourceObject } from './model/index.ts'
import type { ServeOptions } from './serve-options.ts'
import { withObjects } from './source/index.ts'

/** What there is to say of a Secret that nobody has read. */
const ofUnread: ReadonlySet<DiagnosticCode> = new Set(['SecretNotFound', 'SecretUnread'])

/** Which objects count, and what is known of them. */
export type ExaminerOptions = Parameters<typeof createAssembly>[0] & Pick<ServeOptions, 'echo' | 'cluster'>

/**
 * Compiles what is served with one object more, or with another one in its place, as `check` does. It has an assembly that
 * serves nobody, so that what is tried out reaches no worker, and costs only what differs from the last time.
 */
export class Examiner {
  readonly #options: ExaminerOptions
  readonly #clock: Clock
  readonly #assembly: Assembly
  #served: Assembled | undefined

  constructor(options: ExaminerOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#assembly = createAssembly(options)
  }

  /** Told of each table that is made. */
  serve(assembled: Assembled): void {
    this.#served = assembled
  }

  examine(object: SourceObject): ReturnType<Examine> {
    if (this.#served === undefined) return 'unread'
    const { given } = this.#served
    if (!this.#assembly.claims(given, object)) return 'foreign'
    const tried = this.#assembly.rehearse(withObjects(given, [object]), this.#options.echo)
    return { before: this.#diagnosticsOf(this.#served), after: this.#diagnosticsOf(tried).filter(this.#isKnown) }
  }

  #diagnosticsOf({ diagnostics, compilation }: Assembled): Diagnostic[] {
    return [...diagnostics, ...expiredCertificates(compilation, this.#clock.wall())]
  }

  /** Secrets that are read one by one are read only once a stored object names them: of others nothing is known. */
  readonly #isKnown = ({ code }: Diagnostic): boolean =>
    !ofUnread.has(code) || this.#options.cluster?.secrets !== 'named'
}
