import type { Assembled } from './assembly.ts'
import { JoinedLists } from './base/index.ts'
import type { Clock } from './base/index.ts'
import { expiredCertificates, nextExpiry } from './compile/index.ts'
import { DiagnosticLog } from './diagnostic-log.ts'
import type { Compilation, Diagnostic } from './model/index.ts'
import type { Publisher } from './publish/index.ts'

/** The wall clock may be set meanwhile, and timers count no more than 24 days. */
const longestWait = 3_600_000

/** What is said of the certificates of a compilation from one moment until another. */
interface Expired {
  readonly compilation: Compilation
  readonly diagnostics: readonly Diagnostic[]
  readonly from: number
  readonly until: number
}

/**
 * What is found wrong, told where people look: in the log at once, and in a cluster on the objects, when every worker serves
 * them. What time alone brings, the end of a certificate, is told when it comes.
 */
export class Findings {
  readonly #clock: Clock
  readonly #log: DiagnosticLog
  readonly #diagnostics = new JoinedLists<Diagnostic>()
  #publisher: Pick<Publisher, 'serve'> | undefined
  #compiled: Assembled | undefined
  #served: Assembled | undefined
  #expired: Expired | undefined
  #cancel: (() => void) | undefined

  constructor(clock: Clock, say: (line: string) => void) {
    this.#clock = clock
    this.#log = new DiagnosticLog(say)
  }

  opened(publisher: Pick<Publisher, 'serve'> | undefined): void {
    this.#publisher = publisher
  }

  compiled(assembled: Assembled): void {
    this.#compiled = assembled
    this.#log.report(this.#diagnosticsOf(assembled), assembled.snapshot)
    this.#wait()
  }

  /** Every worker serves it. */
  acknowledged(assembled: Assembled): void {
    this.#served = assembled
    const { given, compilation } = assembled
    this.#publisher?.serve({ snapshot: given, compilation, diagnostics: this.#diagnosticsOf(assembled) })
  }

  #diagnosticsOf({ diagnostics, compilation }: Assembled): readonly Diagnostic[] {
    return this.#diagnostics.join(diagnostics, this.#expiredIn(compilation).diagnostics)
  }

  /** All certificates are looked at once, and not at each change of endpoints. */
  #expiredIn(compilation: Compilation): Expired {
    const now = this.#clock.wall()
    const last = this.#expired
    if (last?.compilation === compilation && last.from <= now && now < last.until) return last
    const diagnostics = expiredCertificates(compilation, now)
    return (this.#expired = { compilation, diagnostics, from: now, until: nextExpiry(compilation, now) ?? Infinity })
  }

  #wait(): void {
    this.#cancel?.()
    if (this.#compiled === undefined) return
    const { until } = this.#expiredIn(this.#compiled.compilation)
    const left = until - this.#clock.wall()
    if (left < Infinity) this.#cancel = this.#clock.after(Math.min(longestWait, left), () => this.#look())
  }

  #look(): void {
    if (this.#compiled !== undefined) this.compiled(this.#compiled)
    if (this.#served !== undefined) this.acknowledged(this.#served)
  }
}
