import { makeObject } from './objects.ts'
import type { KubeObject } from './resources.ts'

/** Everything of this host goes to a Service. The class bears the name of the namespace. */
export function makeRoute(name: string, namespace: string, host: string, service: string = name): KubeObject {
  const backend = { service: { name: service, port: { number: 80 } } }
  const rules = [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }]
  return makeObject('Ingress', name, namespace, { spec: { ingressClassName: namespace, rules } })
}

/** A Service without pods, and its slice by hand: for a server of the test's own. */
export function makeStandingService(
  name: string,
  namespace: string,
  addresses: readonly string[],
  port: number,
): readonly KubeObject[] {
  const slice = makeObject('EndpointSlice', name, namespace, {
    addressType: 'IPv4',
    ports: [{ name: 'http', port }],
    endpoints: addresses.map((address) => ({ addresses: [address] })),
  })
  const labels = { 'kubernetes.io/service-name': name }
  return [
    makeObject('Service', name, namespace, { spec: { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] } }),
    { ...slice, metadata: { ...slice.metadata, labels } },
  ]
}
