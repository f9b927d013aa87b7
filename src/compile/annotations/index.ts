import { canary } from './canary.ts'
import type { Annotation } from './define-annotation.ts'
import { enableGlobalAuth } from './enable-global-auth.ts'
import { proxyBodySize } from './proxy-body-size.ts'
import { forceSslRedirect, sslRedirect } from './ssl-redirect.ts'
import { useRegex } from './use-regex.ts'

/** Every annotation that is served, under `nginx.ingress.kubernetes.io/`. */
export const annotations: readonly Annotation[] = [
  sslRedirect,
  forceSslRedirect,
  proxyBodySize,
  enableGlobalAuth,
  canary,
  useRegex,
]

export { guards, unserved } from './catalogue.ts'
export { applyBoolean } from './define-annotation.ts'
export type { Annotation } from './define-annotation.ts'
export { forceSslRedirect, proxyBodySize, sslRedirect }
