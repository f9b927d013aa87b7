import { printable, shorten } from '../base/index.ts'
import { namespacedName } from '../model/index.ts'
import type { Diagnostic, DiagnosticCode, ObjectRef, Severity } from '../model/index.ts'
import type { AdmissionOptions } from './admission-options.ts'

/** What `check` says of everything with the reviewed object in its place, and what it says without it. */
export interface Findings {
  readonly before: readonly Diagnostic[]
  readonly after: readonly Diagnostic[]
}

/** How a review ended. */
export const outcomes = [
  'allowed',
  'warned',
  'refused',
  'foreign',
  'unread',
  'skipped',
  'unreadable',
  'failed',
] as const
export type Outcome = (typeof outcomes)[number]

/** Why an object is not stored: of a Status. */
export interface Refusal {
  readonly code: number
  readonly reason: string
  readonly message: string
}

export interface Verdict {
  readonly outcome: Outcome
  /** undefined: it may be stored. */
  readonly refusal?: Refusal
  /** Shown to whoever asked for it to be stored. */
  readonly warnings: readonly string[]
}

/** The API server cuts a longer warning off, and passes over what is more than 4,096 octets in all. */
const longestWarning = 256
const mostWarnings = 15
const longestFault = 1_024
const mostFaults = 8

/**
 * Faults that another object mends: it may well be stored after the Ingress, as the Secrets of cert-manager are. They are
 * told as warnings.
 */
const mendedElsewhere: ReadonlySet<DiagnosticCode> = new Set([
  'ServiceNotFound',
  'ServicePortNotFound',
  'ExternalNameNotAllowed',
  'SecretNotFound',
  'SecretInvalid',
  'CertificateHostMismatch',
])

/**
 * Judges by what is new with the object. What was there before it never refuses it: an object with a fault that was
 * stored before can still be edited.
 */
export function judge(
  object: ObjectRef,
  findings: Findings,
  { conflicts }: Pick<AdmissionOptions, 'conflicts'>,
): Verdict {
  const found = newFindings(findings)
  const isFault = (one: Diagnostic): boolean =>
    one.severity === 'error' && isSame(one.object, object) && !mendedElsewhere.has(one.code)
  const isRefused = (one: Diagnostic): boolean =>
    isFault(one) || (one.code === 'PathConflict' && conflicts === 'refuse')
  const [refused, told] = [found.filter(isRefused), found.filter((one) => !isRefused(one))]
  const warnings = list(told.toSorted(bySeverity), object, { length: longestWarning, count: mostWarnings })
  if (refused.length === 0) return { outcome: warnings.length === 0 ? 'allowed' : 'warned', warnings }
  const message = list(refused, object, { length: longestFault, count: mostFaults }).join('\n')
  const kind = refused.some(isFault) ? { code: 422, reason: 'Invalid' } : { code: 403, reason: 'Forbidden' }
  return { outcome: 'refused', refusal: { ...kind, message }, warnings }
}

/** As often as it is said more often than before. */
function newFindings({ before, after }: Findings): Diagnostic[] {
  const known = new Map<string, number>()
  for (const one of before) known.set(keyOf(one), (known.get(keyOf(one)) ?? 0) + 1)
  return after.filter((one) => {
    const left = known.get(keyOf(one)) ?? 0
    known.set(keyOf(one), left - 1)
    return left <= 0
  })
}

/** Without the field: a fault that only moved within its object is not new. */
function keyOf({ object, code, message }: Diagnostic): string {
  return `${object.kind} ${namespacedName(object)} ${code} ${message}`
}

const severities: readonly Severity[] = ['error', 'warning', 'note']

function bySeverity(a: Diagnostic, b: Diagnostic): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity)
}

function list(
  found: readonly Diagnostic[],
  object: ObjectRef,
  most: { readonly length: number; readonly count: number },
): string[] {
  const texts = found.slice(0, most.count).map((one) => shorten(printable(textOf(one, object)), most.length))
  return found.length <= most.count ? texts : [...texts, `and ${found.length - most.count} more`]
}

/** Code, field, message and hint; of another object also which one. */
function textOf({ code, object, field, message, hint }: Diagnostic, reviewed: ObjectRef): string {
  const other = isSame(object, reviewed) ? '' : ` on ${object.kind} ${namespacedName(object)}`
  const place = field === '' || message.startsWith(field) ? '' : `${field}: `
  return `${code}${other}: ${place}${message}. ${hint}`
}

function isSame(a: ObjectRef, b: ObjectRef): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
}
