import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { GoProgram } from './go-program.ts'

/** Debian's Caddy is of 2022. */
export const caddy: GoProgram = {
  name: 'caddy',
  package: 'github.com/caddyserver/caddy/v2/cmd/caddy',
  pin: { version: 'v2.11.9' },
}

/** Its go.mod replaces the modules that k8s.io/kubernetes requires at v0.0.0 by their released versions. */
const clusterFolder = fileURLToPath(new URL('../test/cluster', import.meta.url))

export const etcd: GoProgram = { name: 'etcd', package: 'go.etcd.io/etcd/server/v3', pin: { folder: clusterFolder } }
export const kubeApiServer: GoProgram = kubernetes('kube-apiserver')
export const kubeControllerManager: GoProgram = kubernetes('kube-controller-manager')
export const kubectl: GoProgram = kubernetes('kubectl')

/** Programs that tests and the bench use and that no package of Debian brings; `npm run tools` builds them. */
export const goPrograms: readonly GoProgram[] = [caddy, etcd, kubeApiServer, kubeControllerManager, kubectl]

function kubernetes(name: string): GoProgram {
  return {
    name,
    package: `k8s.io/kubernetes/cmd/${name}`,
    pin: { folder: clusterFolder },
    linkerFlags: versionFlags(),
  }
}

/** Programs of Kubernetes that were not told their version say one that kubectl cannot read. */
function versionFlags(): string {
  const [, version = '', major, minor] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(readFileSync(join(clusterFolder, 'go.mod'), 'utf8')) ?? []
  return Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ')
}
