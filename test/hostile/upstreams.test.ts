import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { makeManifestFolder, printIngress } from '../support/manifests.ts'
import { upstreamFamilies } from './upstream-families.ts'
import { playShape } from './upstream-play.ts'
import type { Lane } from './upstream-play.ts'
import { fin, reset } from './upstream-shape.ts'
import type { UpstreamShape } from './upstream-shape.ts'
import { UpstreamStage } from './upstream-stage.ts'
import type { Pieces } from './upstream-stage.ts'
import { cutAnswers } from './upstreams-cut.ts'

const lanesInAll = 8
/** Above this, an octet at a time shows nothing that fewer would not. */
const longestInOctets = 2_000
/** Ends a hang; nothing is measured by it. */
const patience = 30_000
/** Those that wait begin first, so that the others go on beside them. */
const inOrder = upstreamFamilies.toSorted((one, other) => Number(other.slow ?? false) - Number(one.slow ?? false))

/** A real `lintel serve` before as many stages as play at the same time. */
class Lanes {
  readonly #folder = makeManifestFolder()
  readonly #stages: UpstreamStage[] = []
  readonly #free: Lane[] = []
  readonly #waiting: ((lane: Lane) => void)[] = []
  #lintel: Lintel | undefined

  async start(): Promise<void> {
    const names = Array.from({ length: lanesInAll }, (_, lane) => `lane-${lane}`)
    this.#folder.write(
      'lanes.yaml',
      printIngress(
        'lanes',
        names.map((name) => ({ host: `${name}.test`, service: name })),
      ),
    )
    const backends: string[] = []
    for (const name of names) {
      const stage = new UpstreamStage()
      this.#stages.push(stage)
      backends.push('--backend', `${name}:80=127.0.0.1:${await stage.listen()}`)
    }
    this.#lintel = await startLintel(['--workers', '1', '--upstream-timeout', '1s', ...backends, this.#folder.path])
    for (const [lane, stage] of this.#stages.entries())
      this.#free.push({ target: { port: this.#lintel.httpPort, host: `lane-${lane}.test`, patience }, stage })
  }

  async use<T>(play: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = this.#free.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)))
    try {
      return await play(lane)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(lane)
      else next(lane)
    }
  }

  async stop(): Promise<void> {
    await this.#lintel?.stop()
    for (const stage of this.#stages) stage.close()
    this.#folder.remove()
  }
}

const lanes = new Lanes()
before(() => lanes.start())
after(() => lanes.stop())

async function check(shape: UpstreamShape, pieces: Pieces): Promise<void> {
  const { outcome, deliveries, dangers } = await lanes.use((lane) => playShape(shape, lane, pieces))
  assert.deepEqual(dangers, [])
  const expected = [shape.expect].flat()
  assert.ok(expected.includes(outcome), `${shape.id}, ${pieces}: ${outcome} instead of ${expected.join(' or ')}`)
  assert.equal(deliveries, shape.deliveries ?? 1, 'deliveries')
}

function octetsOf({ steps }: UpstreamShape): number {
  return steps.reduce((sum, step) => sum + (typeof step === 'string' ? step.length : 0), 0)
}

describe('a hostile upstream', { concurrency: lanesInAll }, () => {
  for (const { shapes, slow } of inOrder)
    for (const shape of shapes)
      it(`${shape.id}: ${shape.reason}`, async () => {
        await check(shape, 'whole')
        if (slow !== true && octetsOf(shape) <= longestInOctets) await check(shape, 'octets')
      })
})

describe('an answer that ends at any octet', { concurrency: lanesInAll }, () => {
  for (const { name, answer, ask, expectAt } of cutAnswers)
    for (const end of [fin, reset])
      it(`${name}, by a ${end.act}`, async () => {
        for (let cut = 0; cut <= answer.length; cut++) {
          const id = `us-cut-${name.replaceAll(' ', '-')}-${end.act}-${cut}`
          const reason = 'An answer that is cut is never taken for a whole one'
          // Of an answer to what may be repeated nothing has come: it is asked once more, and no answer comes again.
          const deliveries = ask === 'HEAD' && cut === 0 ? 2 : 1
          const steps = [answer.slice(0, cut), end]
          await check({ id, class: 'D', reason, ask, steps, deliveries, expect: expectAt(cut, end) }, 'whole')
        }
      })
})
