import type { AdmissionFacts } from './admin/index.ts'
import { AdmissionServer, endOf, Reviewer, Upkeep } from './admission/index.ts'
import type { AdmissionOptions, Examine } from './admission/index.ts'
import type { Assembled } from './assembly.ts'
import type { Clock } from './base/index.ts'
import { ingressKind } from './compile/index.ts'
import { Examiner } from './examiner.ts'
import type { SourceObject } from './model/index.ts'
import type { OpenedSource } from './open-source.ts'
import { reportRefusals } from './report-refusals.ts'
import type { StartMessage } from './serve-options.ts'
import { listenOn } from './serve/index.ts'

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
  readonly #examiner: Examiner
  readonly #reviewer: Reviewer
  readonly #server: AdmissionServer
  #opened: OpenedSource | undefined
  #upkeep: Upkeep | undefined
  #listening = false

  constructor(start: StartMessage, options: AdmissionOptions, stages: AdmissionStages) {
    this.#start = start
    this.#options = options
    this.#stages = stages
    this.#examiner = new Examiner(start.options, stages.clock)
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
    this.#examiner.serve(assembled)
  }

  close(): void {
    this.#server.close()
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
      await this.#server.listen(listenOn({ address, port }, descriptors.admission?.[0]))
    } catch (error) {
      this.#stages.failed(`admission port ${port}: ${String(error)}`)
    }
  }

  #examine(object: SourceObject): ReturnType<Examine> {
    if (this.#opened?.source.covers(object.ref.namespace) === false) return 'foreign'
    return this.#examiner.examine(object)
  }
}
