import type { AdmissionFacts } from './admin/index.ts'
import { AdmissionServer, endOf, Reviewer, Upkeep } from './admission/index.ts'
import type { AdmissionOptions, Examine } from './admission/index.ts'
import { createAssembly } from './assembly.ts'
import type { Assembled, Assembly } from './assembly.ts'
import type { Clock } from './base/index.ts'
import { expiredCertificates, ingressKind } from './compile/index.ts'
import type { Diagnostic, SourceObject } from './model/index.ts'
import type { OpenedSource } from './open-source.ts'
import { reportRefusals } from './report-refusals.ts'
import type { StartMessage } from './serve-options.ts'
import { listenOn } from './serve/index.ts'
import { withObjects } from './source/index.ts'

/** undefined: nothing is to be reviewed. */
export function openAdmission(
  start: StartMessage,
  clock: Clock,
  failed: (message: string) => void,
): ControlAdmission | undefined {
  const { admission } = start.options
  return admission && new ControlAdmission(start, admission, { clock, failed })
}

interface AdmissionStages {
  readonly clock: Clock
  readonly failed: (message: string) => void
}

/** Joins the admission webhook with what control knows: what is served, and which cluster it comes from. */
export class ControlAdmission {
  readonly #start: StartMessage
  readonly #options: AdmissionOptions
  readonly #stages: AdmissionStages
  /** One that serves nobody: what is tried out in it stays in it. */
  readonly #assembly: Assembly
  readonly #reviewer: Reviewer
  readonly #server: AdmissionServer
  #served: Assembled | undefined
  #opened: OpenedSource | undefined
  #upkeep: Upkeep | undefined
  #listening = false

  constructor(start: StartMessage, options: AdmissionOptions, stages: AdmissionStages) {
    this.#start = start
    this.#options = options
    this.#stages = stages
    this.#assembly = createAssembly(start.options)
    const { failed } = stages
    this.#reviewer = new Reviewer(options, { kind: ingressKind, failed, examine: (object) => this.#examine(object) })
    this.#server = new AdmissionServer((text) => this.#reviewer.review(text))
  }

  /** From now on there is a cluster to keep the credentials in. */
  opened(opened: OpenedSource, signal: AbortSignal): void {
    this.#opened = opened
    const { client } = opened
    if (client === undefined) return
    const { name, namespace = client.namespace } = this.#options
    const report = reportRefusals(this.#stages.failed)
    this.#upkeep = new Upkeep(
      { name, namespace },
      {
        client,
        clock: this.#stages.clock,
        show: (pair) => {
          this.#server.show(pair)
          void this.#listen()
        },
        failed: (error) => report('the admission webhook', error),
      },
    )
    void this.#upkeep.run(signal)
  }

  /** Told of each table that is made. */
  serve(assembled: Assembled): void {
    this.#served = assembled
  }

  get facts(): AdmissionFacts {
    const chain = this.#upkeep?.held?.server.chain
    return {
      reviews: this.#reviewer.counts,
      certificateEnd: chain === undefined ? undefined : endOf(chain) / 1_000,
    }
  }

  /** Once: not before there is a certificate. */
  async #listen(): Promise<void> {
    if (this.#listening) return
    this.#listening = true
    const { listening, descriptors } = this.#start
    const { address, admissionPort: port = 0 } = listening
    try {
      await this.#server.listen(listenOn({ address, port }, descriptors.at(-1)))
    } catch (error) {
      this.#stages.failed(`admission port ${port}: ${String(error)}`)
    }
  }

  #examine(object: SourceObject): ReturnType<Examine> {
    if (this.#served === undefined || this.#opened === undefined) return 'unread'
    const { given } = this.#served
    if (!this.#opened.source.covers(object.ref.namespace) || !this.#assembly.claims(given, object)) return 'foreign'
    const { echo } = this.#start.options
    const tried = this.#assembly.rehearse(withObjects(given, [object]), echo)
    return { before: this.#diagnosticsOf(this.#served), after: this.#diagnosticsOf(tried).filter(this.#isKnown) }
  }

  #diagnosticsOf({ diagnostics, compilation }: Assembled): Diagnostic[] {
    return [...diagnostics, ...expiredCertificates(compilation, this.#stages.clock.wall())]
  }

  /** Secrets that are read one by one are read only once a stored object names them: of others nothing is known. */
  readonly #isKnown = ({ code }: Diagnostic): boolean =>
    code !== 'SecretNotFound' || this.#start.options.cluster?.secrets !== 'named'
}
