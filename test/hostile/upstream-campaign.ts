import type { Target } from './targets/target.ts'
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

/** Plays every shape whole, one after another, against a target whose every service is the stage. */
export async function playUpstreams(target: Target): Promise<ReadonlyMap<string, UpstreamVerdict>> {
  const stage = new UpstreamStage()
  const port = await stage.listen()
  const ports = { open: port, api: port, other: port }
  try {
    const running = await target.start({ ports, fillers: [] }, true)
    const lane = { target: { port: running.port, host: 'a.test' }, stage }
    try {
      const judged = new Map<string, UpstreamVerdict>()
      for (const shape of upstreamFamilies.flatMap(({ shapes }) => shapes))
        judged.set(shape.id, await judgeShape(shape, lane))
      return judged
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
  } catch {
    return 'passed on'
  }
}
