import { versionLineOf } from '../../support/program-version.ts'
import type { AskedProgram } from '../../support/program-version.ts'
import type { Need } from '../need.ts'
import { proxyCore, spawnPinned, stopProcess } from '../pinned-process.ts'
import { freePort, untilAccepting } from '../ports.ts'
import type { Site } from '../site.ts'
import type { Candidate, Running } from './candidate.ts'

export interface Ports {
  readonly http: number
  readonly https: number
}

/** A program that is told its ports by a configuration which we write. */
export interface ConfiguredProgram extends AskedProgram {
  readonly name: string
  /** What it cannot do; besides, none of them is measured with several workers or while it is edited. */
  readonly lacks?: readonly Need[]
  /** Writes what it needs into the site's folder; returns its arguments. */
  readonly configure: (site: Site, ports: Ports) => readonly string[]
}

export function defineCandidate(definition: ConfiguredProgram): Candidate {
  return {
    name: definition.name,
    lacks: ['workers', 'edits', ...(definition.lacks ?? [])],
    missing: () => (versionLineOf(definition) === undefined ? `there is no ${definition.program}` : undefined),
    version: () => versionLineOf(definition) ?? '',
    start: (site) => start(definition, site),
  }
}

async function start({ name, program, configure }: ConfiguredProgram, site: Site): Promise<Running> {
  const ports = { http: await freePort(), https: await freePort() }
  const child = spawnPinned(proxyCore, [program, ...configure(site, ports)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: site.folder, XDG_DATA_HOME: site.folder, XDG_CONFIG_HOME: site.folder },
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2_000)))
  await untilAccepting(ports.http, () => (child.exitCode === null ? undefined : `${name} ended: ${errors}`))
  return {
    name,
    pid: child.pid ?? 0,
    httpPort: ports.http,
    httpsPort: ports.https,
    stop: () => stopProcess(child),
  }
}
