import type { KindDescriptor } from '../../model/index.ts'
import { configMapKind } from './config-map.ts'
import { endpointSliceKind } from './endpoint-slice.ts'
import { ingressClassKind } from './ingress-class.ts'
import { ingressKind } from './ingress.ts'
import { secretKind } from './secret.ts'
import { serviceKind } from './service.ts'

/** Every kind that is read; all others are passed over. */
export const kinds: readonly KindDescriptor[] = [
  ingressKind,
  ingressClassKind,
  serviceKind,
  endpointSliceKind,
  secretKind,
  configMapKind,
]

export * from './config-map.ts'
export * from './endpoint-slice.ts'
export * from './ingress.ts'
export * from './ingress-class.ts'
export * from './secret.ts'
export * from './service.ts'
export { isLinkLocal, isLoopback, isMetadata } from './unicast.ts'
