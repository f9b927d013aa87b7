import { availableParallelism } from 'node:os'

import type { Settings } from '../model/index.ts'
import type { ServeOptions } from '../serve-options.ts'
import { bindPort } from '../serve/index.ts'
import type { BoundPort } from '../serve/index.ts'
import { Supervisor } from '../supervisor.ts'
import { readAdmissionOptions } from './admission-options.ts'
import type { Command } from './command.ts'
import { serveFlags } from './flag-table.ts'
import { FlagValues } from './flag-values.ts'
import type { Given } from './flags.ts'
import { tellIdle } from './idle-flags.ts'
import { readObjectOptions } from './object-options.ts'
import { readPublishOptions } from './publish-options.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const mostWorkers = 4
const drainLimit = 240_000

/** In a cluster a Service stands in front, and it takes a while until nobody sends requests here any more. */
const inCluster = { publicHttpPort: 80, publicHttpsPort: 443, drainDelay: 10_000, healthzPort: 10_254 }
const fromFiles = { publicHttpPort: undefined, publicHttpsPort: undefined, drainDelay: 0, healthzPort: undefined }

export const serve: Command = {
  name: 'serve',
  operands: 'PATH…',
  summary: 'Serve the Ingresses of files and folders, or of a cluster',
  description:
    'Reads Ingress, IngressClass, Service, EndpointSlice and Secret from YAML and JSON files, carries the traffic\nthat they describe, and follows the files as they change. A path is a file, a folder, or - for standard input.',
  flags: serveFlags,
  run: async (given, terminal) => runServe(await readServeOptions(given, terminal)),
}

export async function readServeOptions({ values: given, operands }: Given, terminal: Terminal): Promise<ServeOptions> {
  const values = new FlagValues({ values: given, operands })
  const idle = tellIdle(values)
  if (idle !== undefined) terminal.complain(idle)
  const objects = await readObjectOptions(values, operands, terminal.input)
  const standard = objects.fromCluster ? inCluster : fromFiles
  return {
    ...objects,
    publish: objects.fromCluster ? readPublishOptions(values, process.env) : undefined,
    admission: readAdmissionOptions(values, objects.fromCluster, process.env),
    bind: values.address('bind'),
    httpPort: values.port('http-port') ?? 8080,
    httpsPort: values.port('https-port') ?? 8443,
    healthzPort: values.port('healthz-port') ?? standard.healthzPort,
    publicHttpPort: values.port('public-http-port') ?? standard.publicHttpPort,
    publicHttpsPort: values.port('public-https-port') ?? standard.publicHttpsPort,
    workers: values.count('workers') ?? Math.min(mostWorkers, availableParallelism()),
    log: values.word('log', ['text', 'json', 'off']),
    settings: readSettings(values),
    drainDelay: values.milliseconds('drain-delay') ?? standard.drainDelay,
    drainLimit: values.milliseconds('drain-limit') ?? drainLimit,
  }
}

function readSettings(values: FlagValues): ServeOptions['settings'] {
  const { trustedProxies, proxyProtocol } = values
  return {
    ...readTime(values, 'client-head-timeout', 'clientHeadTimeout'),
    ...readTime(values, 'client-body-timeout', 'clientBodyTimeout'),
    ...readTime(values, 'keep-alive-timeout', 'keepAliveTimeout'),
    ...readTime(values, 'connect-timeout', 'connectTimeout'),
    ...readTime(values, 'upstream-timeout', 'upstreamTimeout'),
    ...(trustedProxies.length > 0 && { trustedProxies, introducers: trustedProxies }),
    ...(proxyProtocol.length > 0 && { proxyProtocol }),
  }
}

/** A setting for which the flag was given; nothing otherwise. */
function readTime(values: FlagValues, flag: string, name: keyof Settings): Partial<Settings> {
  const ms = values.milliseconds(flag)
  return ms === undefined ? {} : { [name]: ms }
}

/** A port that is taken is a mistake in the command, said before anything starts. */
export async function runServe(options: ServeOptions): Promise<number> {
  const http = await bindOrExplain(options.bind, options.httpPort, 'http-port')
  const https = await bindOrExplain(options.bind, options.httpsPort, 'https-port')
  const { bind, healthzPort } = options
  const bindIf = async (port: number | undefined, flag: string): Promise<BoundPort | undefined> =>
    port === undefined ? undefined : bindOrExplain(bind, port, flag)
  const admin = await bindIf(healthzPort, 'healthz-port')
  const admission = await bindIf(options.admission?.port, 'admission-port')
  process.title = 'lintel: supervisor'
  return new Supervisor(options, { http, https, admin, admission }).run()
}

async function bindOrExplain(host: string | undefined, port: number, flag: string): ReturnType<typeof bindPort> {
  try {
    return await bindPort(host, port)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new UsageError(`port ${port} is taken: choose another with --${flag}, 0 takes a free one`)
    if (code === 'EACCES') throw new UsageError(`port ${port} needs more rights: choose one above 1023 with --${flag}`)
    throw new UsageError(`--${flag} ${port}: ${String(error)}`)
  }
}
