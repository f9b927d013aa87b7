export interface Access {
  readonly port: number
  readonly token: string
  readonly certificateFile: string
}

/** A kubeconfig for an API server of this machine, as JSON. */
export function printKubeconfig({ port, token, certificateFile }: Access): string {
  const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': certificateFile }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'default' } }],
    'current-context': 'test',
  })
}
