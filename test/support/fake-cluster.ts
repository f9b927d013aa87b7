import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { FakeApiServer } from './fake-api-server.ts'

/** A fake API server with a kubeconfig in a file, for programs that are started. */
export interface FakeCluster {
  readonly api: FakeApiServer
  readonly kubeconfig: string
  readonly close: () => Promise<void>
}

export async function startFakeCluster(): Promise<FakeCluster> {
  const api = new FakeApiServer()
  await api.start()
  const folder = mkdtempSync(join(tmpdir(), 'lintel-cluster-'))
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, api.kubeconfig)
  api.put({ kind: 'IngressClass', metadata: { name: 'lintel' }, spec: { controller: 'lintel.dev/ingress-controller' } })
  return {
    api,
    kubeconfig,
    close: async () => {
      await api.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

export interface FakeRoute {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly address?: string
}

/** An Ingress for one host, its Service, and a slice with one endpoint, on this machine unless another address is given. */
export function putRoute(api: FakeApiServer, { name, host, port, address = '127.0.0.1' }: FakeRoute): void {
  const metadata = { name, namespace: 'shop' }
  api.put({ kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } })
  api.put({
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address] }],
    ports: [{ name: '', port }],
  })
  const paths = [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } }]
  api.put({ kind: 'Ingress', metadata, spec: { ingressClassName: 'lintel', rules: [{ host, http: { paths } }] } })
}
