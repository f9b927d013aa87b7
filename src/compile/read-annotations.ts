import { nearest } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Diagnostic, DiagnosticCode, Dialect } from '../model/index.ts'
import { annotations, guards, unserved } from './annotations/index.ts'
import type { Effects } from './annotations/index.ts'
import type { IngressObject } from './kinds/index.ts'

const prefix = 'nginx.ingress.kubernetes.io/'
const allowLists: ReadonlySet<string> = new Set(['allowlist-source-range', 'whitelist-source-range'])
const oneMebibyte = 1024 ** 2

/** What the annotations of an Ingress come to. */
export interface ReadAnnotations extends Readonly<Effects> {
  /** Names of annotations that guard the rules and are not served. */
  readonly unservedGuards: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** They are read in both dialects, because charts carry them; the dialect decides the defaults. */
export function readAnnotations(ingress: IngressObject, dialect: Dialect): ReadAnnotations {
  const nginx = dialect === 'ingress-nginx'
  const effects: Effects = { bodyLimit: nginx ? oneMebibyte : undefined, redirect: nginx ? 'tls' : 'never' }
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
  return { ...effects, unservedGuards, diagnostics }
}

function unservedText(name: string): [message: string, hint: string] {
  if (unserved.has(name)) return [`${name} has no effect yet`, 'Requests are served as if it were not there.']
  const near = nearest(name, [...annotations.map((annotation) => annotation.name), ...unserved, ...guards])
  return [`${name} is no annotation of ingress-nginx`, near === undefined ? 'Remove it.' : `Is ${near} meant?`]
}

/** A list that lets every address in guards nothing; cert-manager sets one. */
function admitsEverybody(text: string): boolean {
  const ranges = text.split(',').map((range) => range.trim())
  return ranges.includes('0.0.0.0/0') && ranges.includes('::/0')
}
