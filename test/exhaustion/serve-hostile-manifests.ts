import { cpuTime } from '../bench/cpu-time.ts'
import { combine } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import { ask } from '../support/http-client.ts'
import { printIngress } from '../support/manifests.ts'
import { factsOf } from '../support/process-facts.ts'
import { hostileManifests } from './hostile-manifests.ts'
import type { HostileManifest } from './hostile-manifests.ts'
import { laySiege } from './siege.ts'
import type { Siege } from './siege.ts'

export interface HostileSize {
  /** Of paths; what is in proportion for the rest. */
  readonly size: number
  /** Milliseconds of control's processor time that a KiB of a manifest may cost. */
  readonly mostPerKibi?: number
}

/** So much any manifest may cost, in milliseconds: some are of a few octets. */
const mostAtLeast = 2_000

/**
 * Gives a running Lintel one hostile manifest after another: what they have that is good is served, what was served before
 * goes on, and nothing ends. What they cost is in proportion to their length.
 */
export async function serveHostileManifests(
  course: Course,
  { size, mostPerKibi = Infinity }: HostileSize,
): Promise<Findings> {
  const siege = await laySiege(course)
  const pids = pidsOf(siege)
  const found: Findings[] = []
  for (const manifest of hostileManifests(size)) {
    found.push(
      await siege.load.beside(manifest.name, () => serveOne(siege, manifest, { turn: found.length, mostPerKibi })),
    )
  }
  siege.folder.write('hostile.yaml', '')
  await untilRead(siege, 'gone')
  const control = { name: 'memory of control at last', value: controlOf(siege).resident / 2 ** 20, unit: 'MiB' }
  const faults = pidsOf(siege) === pids ? [] : ['a process was replaced']
  return combine([...found, { figures: [control], faults }, await siege.memoryReturns(), await siege.load.judge()])
}

async function serveOne(
  siege: Siege,
  { name, text, serves }: HostileManifest,
  { turn, mostPerKibi }: { readonly turn: number; readonly mostPerKibi: number },
): Promise<Findings> {
  const begun = performance.now()
  const busy = controlOf(siege).processorTime
  siege.folder.write('hostile.yaml', text)
  await untilRead(siege, `turn-${turn}`)
  const status = serves === undefined ? 200 : await statusOf(siege, serves)
  return {
    figures: [
      { name: `live with ${name} after`, value: Math.round(performance.now() - begun), unit: 'ms' },
      {
        name: `  processor time of control with ${name}`,
        value: controlOf(siege).processorTime - busy,
        unit: 'ms',
        ...(mostPerKibi < Infinity && { most: Math.round(mostAtLeast + (text.length / 1_024) * mostPerKibi) }),
      },
    ],
    faults: status === 200 ? [] : [`${name}: ${serves} is answered ${status}`],
  }
}

/** Resolves when a manifest that was written later is served. */
async function untilRead(siege: Siege, mark: string): Promise<void> {
  const host = `${mark}.test`
  siege.folder.write('mark.yaml', printIngress('mark', [{ host, service: 'good' }]))
  while ((await statusOf(siege, `http://${host}/`)) !== 200) await siege.load.answered(1)
}

async function statusOf({ lintel }: Siege, url: string): Promise<number> {
  return (await ask({ http: lintel.httpPort, https: lintel.httpsPort }, { method: 'GET', url })).status
}

function controlOf({ lintel }: Siege): { readonly resident: number; readonly processorTime: number } {
  const [pid = 0] = lintel.pids('lintel: control')
  return { resident: factsOf(pid).resident, processorTime: cpuTime([pid]) * 1_000 }
}

function pidsOf({ lintel }: Siege): string {
  return ['lintel: control', 'lintel: worker 1'].flatMap((title) => lintel.pids(title)).join(' ')
}
