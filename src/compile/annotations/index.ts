import type { Annotation } from './define-annotation.ts'
import { proxyBodySize } from './proxy-body-size.ts'
import { forceSslRedirect, sslRedirect } from './ssl-redirect.ts'

/** Every annotation that is served, under `nginx.ingress.kubernetes.io/`. */
export const annotations: readonly Annotation[] = [sslRedirect, forceSslRedirect, proxyBodySize]

export { guards, unserved } from './catalogue.ts'
export type { Annotation, Effects } from './define-annotation.ts'
