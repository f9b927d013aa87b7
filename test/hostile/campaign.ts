import type { Arrival } from './arrival.ts'
import { attribute } from './attribution.ts'
import type { HostileCase } from './hostile-case.ts'
import { cuts, play } from './play.ts'
import type { Cut, Played } from './play.ts'
import { openSite } from './site.ts'
import type { Running, Target } from './targets/target.ts'

/** One case, cut in one way, and all that came of it. */
export interface Outcome {
  readonly one: HostileCase
  readonly cut: Cut
  readonly from: string
  readonly played: Played
  readonly arrivals: readonly Arrival[]
}

const atOnce = 64

/** Plays all cases, cut in every way, many at a time, against a target of its own, which is gone afterwards. */
export async function playAll(target: Target, cases: readonly HostileCase[], patience: number): Promise<Outcome[]> {
  const site = await openSite()
  const running: Running[] = []
  try {
    for (const impatient of [false, true]) running.push(await target.start(site, impatient))
    const [calm = 0, hasty = 0] = running.map(({ port }) => port)
    const plays = cases
      .flatMap((one) => cuts.map((cut) => ({ one, cut })))
      .map((each, at) => ({ ...each, from: addressOf(at) }))
    const results: ((typeof plays)[number] & { readonly played: Played })[] = []
    const queue = plays.values()
    const playOn = async (): Promise<void> => {
      for (const each of queue) {
        const to = { port: each.one.impatient === true ? hasty : calm, from: each.from, patience }
        results.push({ ...each, played: await play(each.one, each.cut, to) })
      }
    }
    await Promise.all(Array.from({ length: atOnce }, playOn))
    for (const each of running.splice(0)) await each.stop()
    const arrivals = attribute(site.arrivals(), plays)
    return results.map((each) => ({ ...each, arrivals: arrivals.get(each.from) ?? [] }))
  } finally {
    for (const each of running) await each.stop()
    await site.close()
  }
}

/** Every play has a loopback address of its own, so what arrives tells whose it is. */
function addressOf(at: number): string {
  return `127.1.${Math.floor(at / 250)}.${(at % 250) + 1}`
}
