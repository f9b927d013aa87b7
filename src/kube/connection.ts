import { accessSync } from 'node:fs'
import { Agent } from 'node:http'
import type { RequestOptions } from 'node:https'

import type { KubeConfig } from '@kubernetes/client-node'

import type { Clock } from '../base/index.ts'
import { limitPlugIns } from './plug-in-process.ts'

/** Where the API server is, and who we are to it. */
export interface Connection {
  readonly server: URL
  /** The namespace of the context, or of the pod. */
  readonly namespace: string
  /** Asked for before each request: tokens and certificates rotate, and plug-ins give them for a while only. */
  credentials(): Promise<Credentials>
  /** The server did not know us: what was remembered is forgotten. */
  forget(): void
}

/** What goes with each request. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>
  /** Where the kubeconfig names a proxy. */
  readonly agent: Agent | undefined
}

export interface ConnectionOptions {
  /** undefined: that of the pod, else the one that kubectl would take. */
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
}

const podToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** It cannot be told which cluster is meant. */
export class NoCluster extends Error {}

/** Reads kubeconfig or the pod's own account. The library is loaded here: without a cluster nothing pays for it. */
export async function connect(options: ConnectionOptions, clock: Clock): Promise<Connection> {
  const library = await import('@kubernetes/client-node')
  const load = (): KubeConfig => {
    const loaded = readConfig(new library.KubeConfig(), options)
    limitPlugIns(loaded, clock)
    return loaded
  }
  let config = load()
  const server = config.getCurrentCluster()?.server
  if (server === undefined || !URL.canParse(server)) throw new NoCluster('the kubeconfig names no server')
  const { namespace } = config.getContextObject(config.getCurrentContext()) ?? {}
  let credentials = credentialsFrom(config)
  return {
    server: new URL(server),
    namespace: namespace?.trim() ?? 'default',
    credentials: () => credentials(),
    forget() {
      config = reload(load, config)
      credentials = credentialsFrom(config)
    },
  }
}

/** Whoever asks while an answer is awaited gets the same one: a plug-in runs once, however many requests need it. */
function credentialsFrom(config: KubeConfig): Connection['credentials'] {
  let pending: Promise<Credentials> | undefined
  return () => (pending ??= credentialsOf(config).finally(() => (pending = undefined)))
}

/** Whatever is wrong with the files, the message says it. */
function readConfig(config: KubeConfig, options: ConnectionOptions): KubeConfig {
  try {
    return loadConfig(config, options)
  } catch (error) {
    throw error instanceof NoCluster ? error : new NoCluster(`the kubeconfig cannot be read: ${String(error)}`)
  }
}

function loadConfig(config: KubeConfig, { kubeconfig, context }: ConnectionOptions): KubeConfig {
  if (kubeconfig !== undefined) config.loadFromFile(kubeconfig)
  else if (context === undefined && isInPod()) config.loadFromCluster()
  else config.loadFromDefault()
  if (context !== undefined) config.setCurrentContext(context)
  requireContext(config)
  if (config.getCurrentContext() === 'loaded-context') throw new NoCluster('neither in a pod, nor a kubeconfig found')
  return config
}

function requireContext(config: KubeConfig): void {
  const wanted: string | undefined = config.getCurrentContext()
  const names = config.getContexts().map(({ name }) => name)
  if (wanted !== undefined && names.includes(wanted)) return
  const there = names.length === 0 ? 'there are none' : `there are: ${names.join(', ')}`
  throw new NoCluster(
    wanted === undefined ? `the kubeconfig names no context; ${there}` : `there is no context "${wanted}"; ${there}`,
  )
}

/** A file that is being written at this moment is no reason to lose what we have. */
function reload(load: () => KubeConfig, config: KubeConfig): KubeConfig {
  try {
    return load()
  } catch {
    return config
  }
}

function isInPod(): boolean {
  if (process.env['KUBERNETES_SERVICE_HOST'] === undefined || process.env['KUBECONFIG'] !== undefined) return false
  try {
    accessSync(podToken)
    return true
  } catch {
    return false
  }
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = { headers: {} }
  await config.applyToHTTPSOptions(options)
  const { auth, agent } = options
  const headers = new Map(Object.entries(Object(options.headers)).map(([name, value]) => [name, String(value).trim()]))
  if (typeof auth === 'string') headers.set('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`)
  const usesProxy = config.getCurrentCluster()?.proxyUrl !== undefined
  return {
    headers: Object.fromEntries(headers),
    tls: tlsOf(options),
    agent: usesProxy && agent instanceof Agent ? agent : undefined,
  }
}

/** Without what is not set: an undefined option is not an absent one to `node:tls`. */
function tlsOf({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): Credentials['tls'] {
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  }
}
