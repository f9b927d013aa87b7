import type { Route } from '../model/index.ts'
import type { Contribution } from './contribution.ts'
import type { IngressPath } from './kinds/index.ts'

/** A path of an Ingress with the route that it would make, before it is known which of equal ones wins. */
export interface Candidate {
  readonly route: Route
  readonly path: IngressPath
  readonly contribution: Contribution
}
