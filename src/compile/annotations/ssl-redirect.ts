import { applyBoolean } from './define-annotation.ts'
import type { Annotation } from './define-annotation.ts'

export const sslRedirect: Annotation = {
  name: 'ssl-redirect',
  doc: 'Whether plain HTTP of a host with TLS is answered 308 to HTTPS. Default: true in dialect ingress-nginx, false in dialect spec.',
  apply: (text, effects) => applyBoolean(text, (value) => (effects.sslRedirect = value)),
}

export const forceSslRedirect: Annotation = {
  name: 'force-ssl-redirect',
  doc: 'The same for hosts without TLS too, as behind a balancer that ends TLS. Default: false.',
  apply: (text, effects) => applyBoolean(text, (value) => (effects.forceSslRedirect = value)),
}
