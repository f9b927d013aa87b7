import type { SourceObject } from '../model/index.ts'
import { recordAt } from './record-at.ts'

/** By this label an EndpointSlice says of which Service it is. */
export const serviceLabel = 'kubernetes.io/service-name'

/** The name of the Service of an EndpointSlice; empty if it names none. */
export function serviceOfSlice({ value }: SourceObject): string {
  const name = recordAt(recordAt(value, 'metadata'), 'labels')[serviceLabel]
  return typeof name === 'string' ? name : ''
}
