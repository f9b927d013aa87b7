import { diagnose } from '../model/index.ts'
import type { Diagnostic, Snapshot, SourceObject } from '../model/index.ts'
import { keyOf, withObjects } from './manifest-snapshot.ts'

/** What holds no certificate, whatever it is meant for, does not take the place of one that did: why, or undefined. */
export type JudgeSecret = (secret: SourceObject) => { readonly problem: string; readonly hint: string } | undefined

interface Judged {
  /** What stands in for broken ones. */
  readonly kept: readonly SourceObject[]
  readonly broken: readonly Diagnostic[]
}

/** Remembers the last good content of each Secret, for as long as the Secret is there. */
export class GoodSecrets {
  readonly #judge: JudgeSecret
  readonly #good = new Map<string, SourceObject>()
  /** Of the last list: where nothing but other kinds changed, it is the same one. */
  #last: (Judged & { readonly secrets: readonly SourceObject[] }) | undefined

  constructor(judge: JudgeSecret) {
    this.#judge = judge
  }

  /** The snapshot with each broken Secret as it last was good, and with what there is to say of it. */
  keep(snapshot: Snapshot): Snapshot {
    const secrets = snapshot.list('Secret')
    if (this.#last?.secrets !== secrets) this.#last = { secrets, ...this.#judgeAll(secrets, snapshot) }
    const { kept, broken } = this.#last
    return { ...withObjects(snapshot, kept), diagnostics: [...snapshot.diagnostics, ...broken] }
  }

  #judgeAll(secrets: readonly SourceObject[], snapshot: Snapshot): Judged {
    const kept: SourceObject[] = []
    const broken: Diagnostic[] = []
    for (const secret of secrets) {
      const key = keyOf(secret.ref)
      const fault = this.#judge(secret)
      const good = this.#good.get(key)
      if (fault === undefined) this.#good.set(key, secret)
      else if (good !== undefined) {
        kept.push(good)
        const text = { message: `${fault.problem}: the last good certificate stays`, hint: fault.hint }
        broken.push({
          ...diagnose('SecretInvalid', { object: secret.ref, field: 'data' }, text),
          ...snapshot.locate(secret.ref, 'data'),
        })
      }
    }
    const names = new Set(secrets.map(({ ref }) => keyOf(ref)))
    for (const key of this.#good.keys()) if (!names.has(key)) this.#good.delete(key)
    return { kept, broken }
  }
}
