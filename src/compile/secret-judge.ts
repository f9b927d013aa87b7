import type { Certificate, Json, SourceObject } from '../model/index.ts'
import { isProblem, judgeCertificate } from './certificate.ts'
import { readSecret } from './kinds/index.ts'

/** What a Secret holds, judged once for its content. */
export type JudgedSecret = { readonly certificate: Certificate } | { readonly problem: string; readonly hint: string }

/** Judges the Secrets that are asked for, each once as long as it is the same object. */
export class SecretJudge {
  readonly #judged = new WeakMap<SourceObject, JudgedSecret>()

  judge(secret: SourceObject): JudgedSecret {
    const known = this.#judged.get(secret)
    if (known !== undefined) return known
    const judged = judgeSecret(secret)
    this.#judged.set(secret, judged)
    return judged
  }

  /** Why a Secret holds no certificate, whatever its type, since certificates of any are shown; undefined if it does. */
  faultOf(secret: SourceObject): { readonly problem: string; readonly hint: string } | undefined {
    const judged = this.judge(secret)
    return 'problem' in judged ? judged : undefined
  }
}

const lacking = {
  problem: 'lacks tls.crt or tls.key',
  hint: 'kubectl create secret tls makes such a Secret from two files.',
}

function judgeSecret(object: SourceObject): JudgedSecret {
  if (!mayHoldPair(object)) return lacking
  const { value, diagnostics } = readSecret(object)
  if (value === undefined) return { problem: diagnostics[0]?.message ?? 'is invalid', hint: diagnostics[0]?.hint ?? '' }
  const { certificate, privateKey } = value
  if (certificate === undefined || privateKey === undefined) return lacking
  return certificateOf(`${object.ref.namespace}/${object.ref.name}`, certificate, privateKey)
}

/** Most Secrets are meant for other things; they may be large, and are not decoded. */
function mayHoldPair({ value }: SourceObject): boolean {
  return value['type'] === 'kubernetes.io/tls' || mayHold(value['data']) || mayHold(value['stringData'])
}

function mayHold(data: Json | undefined): boolean {
  return typeof data === 'object' && data !== null ? 'tls.crt' in data || 'tls.key' in data : data !== undefined
}

/** A certificate named for where it came from and for its content. */
export function certificateOf(name: string, chain: string, key: string): JudgedSecret {
  const judged = judgeCertificate(chain, key)
  if (isProblem(judged)) return judged
  const { fingerprint, ...rest } = judged
  return { certificate: { id: `${name}@${fingerprint}`, ...rest } }
}

/** What there is to choose from, by `namespace/name`. */
export interface Secrets {
  readonly secrets: ReadonlyMap<string, SourceObject>
  /** Why nothing is known of some that are not there. */
  readonly unread: ReadonlyMap<string, string> | undefined
  readonly judge: SecretJudge
}
