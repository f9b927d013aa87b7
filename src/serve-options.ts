import { networkInterfaces } from 'node:os'

import type { AdmissionOptions } from './admission/index.ts'
import { normalAddress } from './base/index.ts'
import type { CompileOptions, OwnSockets } from './compile/index.ts'
import type { ConnectionOptions } from './kube/index.ts'
import { defaultSettings } from './model/index.ts'
import type { ConfiguredSettings, Settings } from './model/index.ts'
import type { PublishOptions } from './publish/index.ts'
import type { FlaggedObjects, WatchOptions } from './source/index.ts'

/** Which cluster is served, and what of it. */
export interface ClusterOptions extends ConnectionOptions, Omit<WatchOptions, keyof FlaggedObjects> {}

/** All that `lintel serve` was asked for: plain data, since it travels to the other processes. */
export interface ServeOptions extends FlaggedObjects {
  /** undefined: files are served. */
  readonly cluster: ClusterOptions | undefined
  /** undefined: nothing is written to a cluster. */
  readonly publish: PublishOptions | undefined
  /** undefined: nothing is reviewed. */
  readonly admission: AdmissionOptions | undefined
  readonly paths: readonly string[]
  /** What standard input gave, a char an octet, if `-` is among the paths: read once, so that a new control process has it too. */
  readonly standardInput: string | undefined
  /** As given with `--backend`, unread. */
  readonly backends: readonly string[]
  /** Start echo servers for Services that are missing or have no endpoints. */
  readonly echo: boolean
  readonly ingressClasses: readonly string[]
  readonly controllerClasses: readonly string[]
  readonly onlyClasses: readonly string[]
  readonly withoutClass: boolean
  readonly allowExternalName: boolean
  readonly allowLoopback: boolean
  readonly fromCluster: boolean
  /** Ranges of addresses of proxies in front that are believed, as the flag names them. */
  readonly trustedProxies: readonly string[]
  /** undefined: all addresses, IPv6 with IPv4 where there is IPv6. */
  readonly bind: string | undefined
  readonly httpPort: number
  readonly httpsPort: number
  /** Of health and metrics; undefined: there is none. */
  readonly healthzPort: number | undefined
  /** undefined: the bound port. */
  readonly publicHttpPort: number | undefined
  readonly publicHttpsPort: number | undefined
  readonly workers: number
  readonly log: 'text' | 'json' | 'off'
  /** Those that a flag was given for: it stands over what the ConfigMap says. */
  readonly settings: Partial<Settings>
  /** Milliseconds. */
  readonly drainDelay: number
  readonly drainLimit: number
}

/** Where the supervisor listens: known once the ports are bound. */
export interface Listening {
  readonly address: string
  readonly httpPort: number
  readonly httpsPort: number
  /** undefined: there is no admin port. */
  readonly adminPort: number | undefined
  /** undefined: nothing is reviewed. */
  readonly admissionPort: number | undefined
}

export type PortName = 'http' | 'https' | 'admin' | 'admission'

/** The first message to every child, with the process's own descriptors. `pipes`: the pipes that it was born with, by peer. */
export interface StartMessage {
  readonly type: 'start'
  readonly options: ServeOptions
  readonly listening: Listening
  readonly pipes: readonly (readonly [peer: number, descriptor: number])[]
  /** Bound sockets that it was born with, one or several descriptors of each; it binds the others itself. */
  readonly descriptors: Readonly<Partial<Record<PortName, readonly number[]>>>
  /** Whether a control process that is gone has announced the first table. */
  readonly announced: boolean
}

/** Later messages to a child. `peer` comes with the pipe to it; whoever is handed a pipe speaks first on it. */
export type ChildMessage = StartMessage | { readonly type: 'peer'; readonly peer: number } | { readonly type: 'drain' }

/** What a child says to the supervisor once it does its work. */
export const serving = 'serving'

/** The settings of the data plane: the standard ones, those of the ConfigMap, those of flags, and the public ports. */
export function settingsOf(options: ServeOptions, listening: Listening, configured: ConfiguredSettings = {}): Settings {
  return {
    ...defaultSettings,
    ...configured,
    ...options.settings,
    publicHttpPort: options.publicHttpPort ?? listening.httpPort,
    publicHttpsPort: options.publicHttpsPort ?? listening.httpsPort,
  }
}

/** Where a pod listens; undefined outside of one, where nobody has its addresses but the machine. */
export function ownSocketsOf(
  listening: Listening,
  environment: Readonly<Record<string, string | undefined>>,
): OwnSockets | undefined {
  const namespace = environment['POD_NAMESPACE']
  if (namespace === undefined) return undefined
  const { address, httpPort, httpsPort, adminPort, admissionPort } = listening
  const ports = [httpPort, httpsPort, adminPort, admissionPort].filter((port) => port !== undefined)
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const everywhere = address === '::' || address === '0.0.0.0'
  const addresses = everywhere ? interfaces.map((each) => each.address) : [address]
  return { addresses: addresses.map(normalAddress), ports, namespace }
}

/** What compile goes by, the self-made certificate aside. */
export function compileOptionsOf(options: Omit<CompileOptions, 'selfMade'>): CompileOptions {
  const { ingressClasses, controllerClasses, onlyClasses, withoutClass, ...rest } = options
  const { allowExternalName, allowLoopback, fromCluster, own } = rest
  const { defaultCertificate, defaultBackend, configMap } = rest
  const classes = { ingressClasses, controllerClasses, onlyClasses, withoutClass }
  const named = { defaultCertificate, defaultBackend, configMap, trustedProxies: rest.trustedProxies }
  return { ...classes, ...named, allowExternalName, allowLoopback, fromCluster, own, selfMade: undefined }
}

/** The number of the echo process among the peers of control; workers count from 1. */
export const echoPeer = 0
