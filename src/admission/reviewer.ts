import type { KindDescriptor, SourceObject } from '../model/index.ts'
import type { AdmissionOptions } from './admission-options.ts'
import { readReview, Unreadable } from './read-review.ts'
import { judge, outcomes } from './verdict.ts'
import type { Findings, Outcome, Verdict } from './verdict.ts'

/** Compiles what is served with the object in its place. `foreign`: it is not ours. `unread`: nothing is served yet. */
export type Examine = (object: SourceObject) => Findings | 'foreign' | 'unread'

/** An answer over HTTP. */
export interface Reviewed {
  readonly status: number
  readonly type: string
  readonly text: string
}

export interface ReviewerStages {
  /** That of Ingresses. */
  readonly kind: KindDescriptor
  readonly examine: Examine
  /** Told of what must not happen. */
  readonly failed: (message: string) => void
}

const unread =
  'Lintel has not read the cluster yet: this object was not checked. Its Events will say whether anything is wrong.'

/** Reads a review, has its object examined, and answers. Total: what must not happen is a 500, and then the policy of the webhook decides. */
export class Reviewer {
  readonly #options: Pick<AdmissionOptions, 'conflicts'>
  readonly #stages: ReviewerStages
  /** How often reviews ended in which way. */
  readonly counts: ReadonlyMap<Outcome, number>
  readonly #counts = new Map<Outcome, number>(outcomes.map((outcome) => [outcome, 0]))

  constructor(options: Pick<AdmissionOptions, 'conflicts'>, stages: ReviewerStages) {
    this.#options = options
    this.#stages = stages
    this.counts = this.#counts
  }

  review(text: string): Reviewed {
    try {
      const { uid, object } = readReview(text, this.#stages.kind)
      const verdict = this.#verdictOn(object)
      this.#count(verdict.outcome)
      return { status: 200, type: 'application/json', text: printReview(uid, verdict) }
    } catch (error) {
      return this.#excuse(error)
    }
  }

  #verdictOn(object: SourceObject | undefined): Verdict {
    if (object === undefined) return { outcome: 'skipped', warnings: [] }
    const findings = this.#stages.examine(object)
    if (findings === 'foreign') return { outcome: 'foreign', warnings: [] }
    if (findings === 'unread') return { outcome: 'unread', warnings: [unread] }
    return judge(object.ref, findings, this.#options)
  }

  #excuse(error: unknown): Reviewed {
    if (error instanceof Unreadable) {
      this.#count('unreadable')
      return { status: 400, type: 'text/plain; charset=utf-8', text: `${error.message}\n` }
    }
    this.#count('failed')
    this.#stages.failed(`a review: ${String(error)}`)
    return { status: 500, type: 'text/plain; charset=utf-8', text: 'the review failed\n' }
  }

  #count(outcome: Outcome): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1)
  }
}

function printReview(uid: string, { refusal, warnings }: Verdict): string {
  const response = {
    uid,
    allowed: refusal === undefined,
    ...(refusal !== undefined && { status: refusal }),
    ...(warnings.length > 0 && { warnings }),
  }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response })
}
