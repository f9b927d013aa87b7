import type { Target } from './targets/target.ts'
import { NoAnswer } from './upstream-client.ts'
import { upstreamFamilies } from './upstream-families.ts'
import { playShape } from './upstream-play.ts'
import type { Lane } from './upstream-play.ts'
import type { UpstreamShape } from './upstream-shape.ts'
import { UpstreamStage } from './upstream-stage.ts'

/**
 * What a client got of a hostile upstream. *Right*: what the shape allows. *Refused*: an error of the proxy's own instead.
 * *Cut*: no whole answer. *Passed on*: an answer that should have been refused, or one that is spelt in another way.
 * *Dangerous*: the next request did not get its own answer (another one, or none), or a POST was sent twice.
 */
export const upstreamVerdicts = ['right', 'refused', 'cut', 'passed on', 'dangerous'] as const
export type UpstreamVerdict = (typeof upstreamVerdicts)[number]

/** Targets of the same kind that play at the same time, each before a stage of its own. */
const lanesInAll = 4

/**
 * Plays every shape whole, a few at a time, against targets whose every service is their stage. Whoever is silent for
 * `patience` ms is given up.
 */
export async function playUpstreams(target: Target, patience: number): Promise<ReadonlyMap<string, UpstreamVerdict>> {
  const judged = new Map<string, UpstreamVerdict>()
  const queue = upstreamFamilies.flatMap(({ shapes }) => shapes).values()
  await Promise.all(
    Array.from({ length: lanesInAll }, () =>
      withLane(target, patience, async (lane) => {
        for (const shape of queue) judged.set(shape.id, await judgeShape(shape, lane))
      }),
    ),
  )
  return judged
}

async function withLane(target: Target, patience: number, play: (lane: Lane) => Promise<void>): Promise<void> {
  const stage = new UpstreamStage()
  const port = await stage.listen()
  try {
    const running = await target.start({ ports: { open: port, api: port, other: port }, fillers: [] }, true)
    try {
      await play({ target: { port: running.port, host: 'a.test', patience }, stage })
    } finally {
      await running.stop()
    }
  } finally {
    stage.close()
  }
}

/** An answer that its client cannot read was passed on as it came. */
async function judgeShape(shape: UpstreamShape, lane: Lane): Promise<UpstreamVerdict> {
  try {
    const { outcome, deliveries, dangers } = await playShape(shape, lane, 'whole')
    const expected = [shape.expect].flat()
    if (dangers.length > 0 || (shape.ask === 'POST' && deliveries > 1)) return 'dangerous'
    if (expected.includes(outcome)) return 'right'
    if (outcome === 'aborted') return 'cut'
    return /^5\d\d /.test(outcome) ? 'refused' : 'passed on'
  } catch (fault) {
    return fault instanceof NoAnswer ? 'cut' : 'passed on'
  }
}
