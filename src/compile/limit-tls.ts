import { diagnose } from '../model/index.ts'
import type { IngressObject } from './kinds/index.ts'
import type { Withheld } from './withhold.ts'

/** Each may name another Secret, which is then asked for. */
const mostEntries = 5_000

/** Leaves out tls entries beyond what anybody writes: what one Ingress costs is not for its author alone to say. */
export function limitTls(ingress: IngressObject): Withheld {
  const { ref, tls } = ingress
  if (tls.length <= mostEntries) return { ingress, diagnostics: [] }
  const text = {
    message: `${tls.length} tls entries, of which the first ${mostEntries} count`,
    hint: 'An entry may list many hosts of one Secret. Or spread the entries over several Ingresses.',
  }
  const place = { object: ref, field: 'spec.tls' }
  return {
    ingress: { ...ingress, tls: tls.slice(0, mostEntries) },
    diagnostics: [diagnose('TlsEntriesIgnored', place, text)],
  }
}
