import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { kubeApiServer, kubeControllerManager } from '../../../tools/go-programs.ts'
import { ApiClient } from './api-client.ts'
import { Etcd } from './etcd.ts'
import { printKubeconfig } from './kubeconfig.ts'
import { Kubelet } from './kubelet.ts'
import { namespaceFolder } from './own-namespace.ts'
import { pathOfProgram } from './programs.ts'
import { ServerProcess } from './server-process.ts'

export const apiServerPort = 6443
const apiServerUrl = `https://127.0.0.1:${apiServerPort}`

/** A server that is just starting may leave a question unanswered for ever. */
const probeLimit = 20_000

const tokens = {
  admin: 'admin-token',
  lintel: 'lintel-token',
  powerless: 'powerless-token',
}

/** May what `welcomeLintel` gives it. */
export const lintelUser = 'lintel'

/** A real API server with etcd and controller manager; the test is scheduler and kubelet. */
export class Cluster {
  readonly etcd: Etcd
  readonly apiServer: ServerProcess
  readonly #controllerManager: ServerProcess
  readonly #folder: string
  #admin: ApiClient | undefined
  #kubelet: Kubelet | undefined

  constructor(folder: string, apiServerArgs: readonly string[]) {
    this.#folder = folder
    this.etcd = new Etcd(folder)
    this.apiServer = new ServerProcess(
      pathOfProgram(kubeApiServer),
      [...apiServerArgsIn(folder), ...apiServerArgs],
      folder,
      () => this.#obstacle(),
    )
    this.#controllerManager = new ServerProcess(
      pathOfProgram(kubeControllerManager),
      controllerManagerArgs(this.kubeconfig('admin')),
      folder,
      () => Promise.resolve(undefined),
    )
  }

  /** Of a member of `system:masters`. */
  get admin(): ApiClient {
    return (this.#admin ??= this.clientOf(tokens.admin))
  }

  /** The certificate by which the server is known. */
  get authority(): string {
    return readFileSync(this.#certificateFile, 'utf8')
  }

  get kubelet(): Kubelet {
    return (this.#kubelet ??= new Kubelet(this.admin))
  }

  /** As the user that has this token. */
  clientOf(token: string, port: number = apiServerPort): ApiClient {
    return new ApiClient(port, token, this.authority)
  }

  /** The file of a kubeconfig; another address than the server's own is that of a proxy before it. */
  kubeconfig(user: keyof typeof tokens, server: string = apiServerUrl): string {
    const path = join(this.#folder, `${user}-${new URL(server).port}.kubeconfig`)
    const { [user]: token } = tokens
    // Somebody else may be reading it.
    if (!existsSync(path)) this.#writeKubeconfig(path, token, server)
    return path
  }

  /** The same for a service account, with a token as its pod would have it. */
  async kubeconfigOfAccount(namespace: string, name: string): Promise<string> {
    const path = join(this.#folder, `${namespace}-${name}.kubeconfig`)
    this.#writeKubeconfig(path, await this.admin.tokenOf(namespace, name), apiServerUrl)
    return path
  }

  #writeKubeconfig(path: string, token: string, server: string): void {
    writeFileSync(path, printKubeconfig({ server, token, certificateFile: this.#certificateFile }))
  }

  async start(): Promise<void> {
    await Promise.all([this.etcd.process.start(), this.apiServer.start()])
    await this.admin.until({ kind: 'Namespace', name: 'default' }, ([found]) => found !== undefined)
    await Promise.all([this.kubelet.start(), this.#controllerManager.start()])
  }

  async stop(): Promise<void> {
    await this.#kubelet?.stop()
    this.#admin?.close()
    await Promise.all([this.#controllerManager.kill(), this.apiServer.kill(), this.etcd.process.kill()])
  }

  /** Brings back the data of an earlier moment. Whoever lives on them has ended. */
  async restore(saved: string): Promise<void> {
    await Promise.all([this.#controllerManager.kill(), this.apiServer.kill()])
    await this.etcd.restore(saved)
  }

  /** After `restore`. */
  async startAnew(): Promise<void> {
    await this.apiServer.start()
    await this.#controllerManager.start()
  }

  get #certificateFile(): string {
    return join(this.#folder, 'pki', 'apiserver.crt')
  }

  /** The certificate is made by the server itself, a moment after its start. */
  async #obstacle(): Promise<string | undefined> {
    try {
      const probe = this.clientOf(tokens.admin)
      const limit = setTimeout(() => probe.close(), probeLimit)
      const { status, body } = await probe.ask('GET', '/readyz?verbose').finally(() => clearTimeout(limit))
      probe.close()
      return status === 200 ? undefined : String(body)
    } catch (error) {
      return String(error)
    }
  }
}

/** A cluster in the namespace that was entered, to be started. */
export function makeCluster(apiServerArgs: readonly string[] = []): Cluster {
  const folder = namespaceFolder()
  prepare(join(folder, 'pki'))
  return new Cluster(folder, apiServerArgs)
}

/** The users, and the keys that tokens of service accounts would be signed with: the server insists on them. */
function prepare(pki: string): void {
  mkdirSync(pki)
  const users = [
    `${tokens.admin},admin,admin,"system:masters"`,
    `${tokens.lintel},${lintelUser},${lintelUser}`,
    `${tokens.powerless},powerless,powerless`,
  ]
  writeFileSync(join(pki, 'tokens.csv'), `${users.join('\n')}\n`)
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(join(pki, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(join(pki, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
}

function apiServerArgsIn(folder: string): string[] {
  const pki = join(folder, 'pki')
  return [
    '--etcd-servers=http://127.0.0.1:2379',
    `--cert-dir=${pki}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiServerPort}`,
    '--advertise-address=127.0.0.1',
    // Its own endpoint would be a loopback address, which slices refuse.
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    `--token-auth-file=${join(pki, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(pki, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(pki, 'sa.key')}`,
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition,DefaultTolerationSeconds',
    '--profiling=false',
  ]
}

function controllerManagerArgs(kubeconfig: string): string[] {
  const controllers = ['deployment', 'replicaset', 'endpointslice', 'namespace', 'garbage-collector']
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    `--controllers=${controllers.map((name) => `${name}-controller`).join(',')}`,
  ]
}
