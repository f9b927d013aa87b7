import { defaultSettings } from '../../src/model/index.ts'
import { combine } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import { judgeLifetimes } from './lifetimes.ts'
import { laySiege } from './siege.ts'
import type { Siege } from './siege.ts'

const text = 'GET /endless HTTP/1.1\r\nHost: bad.test\r\n\r\n'
const { stallTimeout } = defaultSettings
/** What a peer took last is seen late by one look, of which there are four within the time. */
const look = stallTimeout / 4
/** Ends a hang. */
const longest = 3 * stallTimeout
/** Answers of the client beside between two looks at who is still there. */
const stride = 25

interface SlowReaders {
  readonly connections: number
  /** Milliseconds between two reads. */
  readonly pace: number
  readonly upstreamTimeout: string
  /** For how many answers of the client beside they go on. */
  readonly answers: number
}

/** Clients that read an answer of 1 GB little by little are given all the time that they take. */
export async function readSlowly(course: Course, readers: SlowReaders): Promise<Findings> {
  const { connections, pace, upstreamTimeout, answers } = readers
  const siege = await laySiege(course, { flags: ['--upstream-timeout', upstreamTimeout], pace })
  const found = await siege.load.beside('slow readers', async () => {
    const attackers = await siege.attack(connections, { text, reads: 'slowly' })
    await siege.stalled()
    const before = siege.bad.sent
    await siege.load.answered(answers)
    const read = Math.round((siege.bad.sent - before) / 1024 / connections)
    const ended = siege.bad.lifetimes.length
    attackers.leave()
    return judgeSlow({ connections, read, ended })
  })
  return combine([found, await siege.memoryReturns(), await siege.load.judge()])
}

function judgeSlow({ connections, read, ended }: Record<'connections' | 'read' | 'ended', number>): Findings {
  return {
    figures: [
      { name: 'slow readers', value: connections, unit: '' },
      { name: '  passed on to each meanwhile', value: read, unit: 'KiB' },
    ],
    faults: [
      ...(ended === 0 ? [] : [`${ended} of ${connections} slow readers were ended`]),
      ...(read > 0 ? [] : ['nothing was passed on to slow readers']),
    ],
  }
}

/** Clients that read nothing of an answer of 1 GB are ended, and so is the answer, when they have stood still for too long. */
export async function readNothing(course: Course, connections: number): Promise<Findings> {
  const siege = await laySiege(course)
  const found = await siege.load.beside('clients that read nothing', async () => {
    const attackers = await siege.attack(connections, { text, reads: 'nothing' })
    await waitUntil(siege, () => siege.bad.lifetimes.length === connections)
    // Whoever reads nothing does not hear of his end.
    attackers.readOn()
    await waitUntil(siege, () => attackers.open === 0)
    return judgeStill(siege.bad.lifetimes, { connections, open: attackers.open })
  })
  return combine([found, await siege.memoryReturns(), await siege.load.judge()])
}

function judgeStill(
  lifetimes: readonly number[],
  { connections, open }: Record<'connections' | 'open', number>,
): Findings {
  const stay = connections - lifetimes.length
  const faults = [
    ...(stay === 0 ? [] : [`${stay} of ${connections} answers that nobody reads go on`]),
    ...(open === 0 ? [] : [`${open} of ${connections} clients that read nothing stay`]),
  ]
  const figures = [{ name: 'clients that read nothing', value: connections, unit: '' }]
  return combine([{ figures, faults }, judgeLifetimes('an answer that nobody reads', lifetimes, stallTimeout, look)])
}

async function waitUntil(siege: Siege, reached: () => boolean): Promise<void> {
  const begun = performance.now()
  while (!reached() && performance.now() - begun < longest) await siege.load.answered(stride)
}
