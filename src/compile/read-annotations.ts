import { nearest } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Diagnostic, DiagnosticCode, Dialect } from '../model/index.ts'
import { annotations, guards, unserved } from './annotations/index.ts'
import { configGuards } from './config-keys/index.ts'
import { standardEffects } from './effects.ts'
import type { Effects } from './effects.ts'
import { admitsEverybody } from './guard-texts.ts'
import type { IngressObject } from './kinds/index.ts'
import type { Config } from './read-config.ts'

const prefix = 'nginx.ingress.kubernetes.io/'
const allowLists: ReadonlySet<string> = new Set(['allowlist-source-range', 'whitelist-source-range'])

/** What the annotations of an Ingress come to. */
export interface ReadAnnotations extends Readonly<Effects> {
  /** Names of annotations, and of keys of the ConfigMap, that guard the rules and are not served. */
  readonly unservedGuards: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** They are read in both dialects, because charts carry them; dialect and ConfigMap decide the defaults. */
export function readAnnotations(ingress: IngressObject, dialect: Dialect, config: Config): ReadAnnotations {
  const effects: Effects = dialect === 'spec' ? standardEffects('spec') : { ...config.effects }
  const unservedGuards: string[] = []
  const diagnostics: Diagnostic[] = []
  const note = (code: DiagnosticCode, key: string, message: string, hint: string): void => {
    diagnostics.push(diagnose(code, { object: ingress.ref, field: `metadata.annotations.${key}` }, { message, hint }))
  }
  for (const [key, text] of ingress.annotations) {
    if (!key.startsWith(prefix)) continue
    const name = key.slice(prefix.length)
    const served = annotations.find((annotation) => annotation.name === name)
    if (served !== undefined) {
      if (!served.apply(text, effects, dialect))
        note('AnnotationInvalid', key, `"${text}" cannot be read; the default is used`, served.doc)
    } else if (!guards.has(name)) note('AnnotationNotServed', key, ...unservedText(name))
    else if (!(allowLists.has(name) && admitsEverybody(text))) {
      unservedGuards.push(name)
      note(
        'GuardNotServed',
        key,
        `${name} guards the rules of this Ingress and is not served yet: they answer 503`,
        'Remove it if the rules may be open; otherwise keep this Ingress where it is served.',
      )
    }
  }
  unservedGuards.push(...config.guards.filter((key) => !isExempt(ingress, effects, key)))
  return { ...effects, unservedGuards, diagnostics }
}

/** Whether an annotation of the Ingress itself stands in the place of what the ConfigMap says for all. */
function isExempt({ annotations: own }: IngressObject, { globalAuth }: Effects, key: string): boolean {
  if (key === 'global-auth-url') return !globalAuth
  return (configGuards.get(key) ?? []).some((name) => own.has(`${prefix}${name}`))
}

function unservedText(name: string): [message: string, hint: string] {
  if (unserved.has(name)) return [`${name} has no effect yet`, 'Requests are served as if it were not there.']
  const near = nearest(name, [...annotations.map((annotation) => annotation.name), ...unserved, ...guards])
  return [`${name} is no annotation of ingress-nginx`, near === undefined ? 'Remove it.' : `Is ${near} meant?`]
}
