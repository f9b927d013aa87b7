import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { freePort, untilAccepting } from '../../bench/ports.ts'
import { versionLineOf } from '../../support/program-version.ts'
import type { AskedProgram } from '../../support/program-version.ts'
import type { Site } from '../site.ts'
import type { Running, Target } from './target.ts'

export interface Place {
  /** Its own, removed when it stops. */
  readonly folder: string
  readonly port: number
}

/** Another proxy, which is told its job by a file. */
export interface ConfiguredProgram extends AskedProgram {
  readonly name: string
  /** Its name, as its makers write it. */
  readonly title: string
  readonly configure: (site: Pick<Site, 'ports' | 'fillers'>, place: Place, impatient: boolean) => string
  readonly arguments: (file: string, place: Place) => readonly string[]
}

export function defineTarget(definition: ConfiguredProgram): Target {
  return {
    name: definition.name,
    version: () => versionOf(definition),
    start: (site, impatient) => start(definition, site, impatient),
  }
}

function versionOf(definition: ConfiguredProgram): string | undefined {
  const version = /\d+\.\d+\.\d+/.exec(versionLineOf(definition) ?? '')?.[0]
  return version === undefined ? undefined : `${definition.title} ${version}`
}

async function start(
  definition: ConfiguredProgram,
  site: Pick<Site, 'ports' | 'fillers'>,
  impatient: boolean,
): Promise<Running> {
  const place = { folder: mkdtempSync(join(tmpdir(), `lintel-hostile-${definition.name}-`)), port: await freePort() }
  const file = join(place.folder, 'configuration')
  writeFileSync(file, definition.configure(site, place, impatient))
  const child = spawn(definition.program, definition.arguments(file, place), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: place.folder, XDG_DATA_HOME: place.folder, XDG_CONFIG_HOME: place.folder },
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2_000)))
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM')) await ended
    rmSync(place.folder, { recursive: true, force: true })
  }
  try {
    await untilAccepting(place.port, () =>
      child.exitCode === null ? undefined : `${definition.name} ended: ${errors}`,
    )
  } catch (fault) {
    await stop()
    throw fault
  }
  return { port: place.port, stop }
}
