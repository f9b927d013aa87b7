import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { cpuTime } from '../bench/cpu-time.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { makeManifestFolder, printIngress } from '../support/manifests.ts'
import type { ManifestFolder } from '../support/manifests.ts'
import { Attackers } from './attackers.ts'
import type { Attack } from './attackers.ts'
import { BadUpstream } from './bad-upstream.ts'
import { Bystander } from './bystander.ts'
import { inspectable, WorkerMemory } from './worker-memory.ts'
import type { MemoryUse } from './worker-memory.ts'

const goodUpstream = fileURLToPath(new URL('good-upstream-process.ts', import.meta.url))
/** Requests a second of the client that behaves well. */
const rate = 50
/** Its requests in which nothing else moves, when all have stalled; and how often that is looked for, since some go on for ever. */
const quiet = 10
const mostLooks = 20
/** Octets that may stay when all have gone: buffers that the worker keeps for further use, and code that has become warm. */
const mostLeft = 8 * 1024 * 1024
/** Ends a hang; how long it took is told. */
const longestReturn = 120_000

/** A Lintel with one worker, a client that behaves well at `good.test`, and a bad upstream at `bad.test`. */
export interface Siege {
  readonly lintel: Lintel
  /** Its manifests. A Service `good` is there. */
  readonly folder: ManifestFolder
  readonly load: Bystander
  readonly bad: Pick<BadUpstream, 'sent' | 'lifetimes'>
  /** The worker's memory without garbage. */
  memory(): Promise<MemoryUse>
  /** When all have left: how soon the worker uses as little memory as before. */
  memoryReturns(): Promise<Findings>
  /** Milliseconds of CPU of the worker so far. */
  processorTime(): number
  /** Opens that many connections, spread over source addresses, of which each does the same. */
  attack(count: number, attack: Attack): Promise<Attackers>
  /** Resolves when the worker has seen all that was sent to it before. */
  settle(): Promise<void>
  /** Resolves when nothing moves any more, or too little: the worker has had turns enough, and took nothing on. */
  stalled(): Promise<void>
}

export interface SiegeOptions {
  readonly flags?: readonly string[]
  readonly descriptors?: number
  /** Whether the client that behaves well comes over TLS. */
  readonly secure?: boolean
  /** Milliseconds between two octets of those who are slow. */
  readonly pace?: number
}

export async function laySiege(course: Course, options: SiegeOptions = {}): Promise<Siege> {
  const { secure = false, pace = 1_000 } = options
  const bad = new BadUpstream(pace)
  course.after(() => bad.close())
  const folder = makeManifestFolder()
  course.after(() => folder.remove())
  const lintel = await startBesieged(course, { bad, folder }, options)
  let memory: WorkerMemory | undefined
  course.after(() => {
    // A process that is being inspected does not end.
    memory?.close()
    return lintel.stop()
  })
  const port = secure ? lintel.httpsPort : lintel.httpPort
  const load = await Bystander.start({ port, host: 'good.test', rate, secure, takeTurns: true })
  course.after(() => load.stop())
  const [worker = 0] = lintel.pids('lintel: worker 1')
  const inspected = (memory = await WorkerMemory.of(lintel, worker))
  const use = (): Promise<MemoryUse> => load.apart(() => inspected.use())
  const before = await use()
  return {
    lintel,
    folder,
    load,
    bad,
    memory: use,
    memoryReturns: () => untilReturned(use, load, before.used + mostLeft),
    processorTime: () => cpuTime([worker]) * 1_000,
    attack: async (count, attack) => {
      const attackers = new Attackers(lintel, attack, pace)
      course.after(() => attackers.leave())
      await attackers.connect(count)
      return attackers
    },
    settle: () => settle(lintel),
    stalled: async () => {
      let sent = -1
      for (let look = 0; look < mostLooks && sent !== bad.sent; look++) {
        sent = bad.sent
        await load.answered(quiet)
      }
    },
  }
}

async function startBesieged(
  course: Course,
  { bad, folder }: { readonly bad: BadUpstream; readonly folder: ManifestFolder },
  { flags = [], descriptors }: SiegeOptions,
): Promise<Lintel> {
  const goodPort = await startGoodUpstream(course)
  const rules = ['good', 'bad'].map((name) => ({ host: `${name}.test`, service: name }))
  folder.write('siege.yaml', printIngress('siege', rules))
  const backends = [`good:80=127.0.0.1:${goodPort}`, `bad:80=127.0.0.1:${await bad.listen()}`]
  const given = backends.flatMap((backend) => ['--backend', backend])
  return startLintel(['--workers', '1', ...given, ...flags, folder.path], undefined, {
    environment: inspectable,
    ...(descriptors !== undefined && { descriptors }),
  })
}

/** Apart from the attackers, as the client is: what it waits for is not their work. */
async function startGoodUpstream(course: Course): Promise<number> {
  const child = fork(goodUpstream)
  course.after(() => child.disconnect())
  const [port] = (await once(child, 'message')) as [number]
  return port
}

async function settle({ httpPort, httpsPort }: Lintel): Promise<void> {
  for (let turn = 0; turn < 3; turn++)
    await ask({ http: httpPort, https: httpsPort }, { method: 'GET', url: 'http://nobody.test/' })
}

/** As soon as what they had has been collected. */
async function untilReturned(use: Siege['memory'], load: Bystander, most: number): Promise<Findings> {
  const begun = performance.now()
  const waited = (): number => performance.now() - begun
  let { used } = await use()
  while (used > most && waited() < longestReturn) {
    await load.answered(20)
    used = (await use()).used
  }
  return {
    figures: [{ name: 'their memory was back after', value: Math.round(waited()), unit: 'ms' }],
    faults: used > most ? [`${used} octets stay in use, of which ${most} are allowed`] : [],
  }
}
