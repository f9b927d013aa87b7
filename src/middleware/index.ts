import type { Middleware } from './define-middleware.ts'
import { hsts } from './hsts.ts'
import { httpsRedirect } from './https-redirect.ts'

/** In the order in which they act. */
export const middlewares: readonly Middleware<never>[] = [
  // A redirect is an answer for everybody, before anything that looks at who asks.
  httpsRedirect,
  // Acts on answers only.
  hsts,
]

export { Chains } from './chain.ts'
export type { Asked } from './define-middleware.ts'
export { hsts, httpsRedirect }
