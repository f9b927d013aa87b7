import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of manifests that a test may edit; removed by `remove`. */
export interface ManifestFolder {
  readonly path: string
  /** Writes by rename, as editors do. */
  write(name: string, text: string): void
  remove(): void
}

export function makeManifestFolder(): ManifestFolder {
  const path = mkdtempSync(join(tmpdir(), 'lintel-manifests-'))
  return {
    path,
    write: (name, text) => {
      const scratch = join(path, `.${name}.new`)
      writeFileSync(scratch, text)
      renameSync(scratch, join(path, name))
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

export interface SimpleRule {
  readonly host: string
  readonly path?: string
  readonly service: string
}

/** An Ingress of dialect spec with one path a rule. */
export function printIngress(name: string, rules: readonly SimpleRule[], extra: object = {}): string {
  const spec = {
    ingressClassName: 'lintel',
    rules: rules.map(({ host, path = '/', service }) => ({
      host,
      http: { paths: [{ path, pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }] },
    })),
    ...extra,
  }
  return JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name }, spec })
}

/** A Secret of a certificate and its key. */
export function printSecret(name: string, { chain, key }: { readonly chain: string; readonly key: string }): string {
  const data = { 'tls.crt': base64(chain), 'tls.key': base64(key) }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'kubernetes.io/tls', data })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
