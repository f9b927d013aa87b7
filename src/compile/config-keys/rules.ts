import { forceSslRedirect, proxyBodySize, sslRedirect } from '../annotations/index.ts'
import type { Annotation } from '../annotations/index.ts'
import type { ConfigKey } from './define-config-key.ts'

/** A key that says for every Ingress what the annotation of its name says for one. */
function forEveryIngress(annotation: Annotation): ConfigKey {
  const { name, doc } = annotation
  return { name, doc, apply: (text, { effects }) => annotation.apply(text, effects, 'ingress-nginx') }
}

export const ruleKeys: readonly ConfigKey[] = [sslRedirect, forceSslRedirect, proxyBodySize].map(forEveryIngress)
