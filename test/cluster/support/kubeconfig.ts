export interface Access {
  /** Its URL. */
  readonly server: string
  readonly token: string
  readonly certificateFile: string
}

/** A kubeconfig for an API server of this machine, as JSON. */
export function printKubeconfig({ server, token, certificateFile }: Access): string {
  const isSecure = server.startsWith('https:')
  const cluster = {
    server,
    // Without TLS, the library that reads it insists on this word.
    ...(isSecure ? { 'certificate-authority': certificateFile } : { 'insecure-skip-tls-verify': true }),
  }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'default' } }],
    'current-context': 'test',
  })
}
