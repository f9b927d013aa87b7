import type { ApiClient } from './api-client.ts'
import type { KubeObject } from './resources.ts'

export interface EndpointSlice extends KubeObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[]
    readonly conditions: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean }
  }[]
}

const serviceLabel = 'kubernetes.io/service-name'

/** Addresses that are ready for a Service, as its slices say. */
function readyOf(slices: readonly EndpointSlice[], service: string): string[] {
  return slices
    .filter(({ metadata }) => metadata.labels?.[serviceLabel] === service)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions.ready === true)
    .flatMap(({ addresses }) => addresses)
}

/** Resolves with the addresses once so many are ready. */
export async function untilReady(
  api: ApiClient,
  namespace: string,
  service: string,
  count: number,
): Promise<readonly string[]> {
  const place = { kind: 'EndpointSlice', namespace }
  const slices = await api.until<EndpointSlice>(place, (found) => readyOf(found, service).length === count)
  return readyOf(slices, service)
}
