import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Candidate } from './candidates/index.ts'
import type { Cell } from './cells/index.ts'
import { readOptions } from './options.ts'
import { reference, runRounds } from './rounds.ts'
import type { Entrant } from './rounds.ts'
import type { Sample } from './sample.ts'

const usage = { seconds: 1, proxy: 1, parts: {}, neighbours: 0, stolen: 0 }
const site = {
  shape: { hosts: 1 },
  hosts: [],
  backendPort: 0,
  certificate: { chain: '', key: '' },
  files: { chain: '', key: '', both: '', tlsSettings: '' },
  folder: '',
  remove: () => undefined,
}
const backend = { pid: 0, port: 0, stop: async () => undefined }

/** A proxy that is there already. */
function entrantOf(name: string): Entrant {
  const running = { name, pid: 0, httpPort: 0, httpsPort: 0, stop: async () => undefined }
  const candidate: Candidate = {
    name,
    lacks: [],
    missing: () => undefined,
    version: () => '',
    start: async () => running,
  }
  return { candidate, running }
}

/** All samples of two rounds and what makes up for them; each visit, the warm-up first, begins in a calm moment and ends in one of these. */
async function samplesOf(flags: readonly string[], after: readonly number[], hasTime = true): Promise<Sample[]> {
  const readings = after.flatMap((step) => [1, step])
  const samples: Sample[] = []
  const cell: Cell = {
    id: 'cell',
    title: '',
    unit: '',
    site: { hosts: 1 },
    needs: [],
    nativeLoad: false,
    measure: async () => ({ usage, count: 1, failed: 0, value: 1, figures: {} }),
  }
  const field = {
    site,
    backend,
    entrants: [entrantOf(reference)],
    options: readOptions(['--rounds', '2', ...flags]),
    yardstick: { read: async () => readings.shift() ?? 1, stop: async () => undefined },
    hasTime: () => hasTime,
    onFault: (name: string, error: unknown) => assert.fail(`${name}: ${String(error)}`),
  }
  for await (const round of runRounds(cell, field)) samples.push(...round)
  return samples
}

function outcomes(samples: readonly Sample[]): string[] {
  return samples.map(({ round, discarded }) => `${round} ${discarded === undefined ? 'counts' : 'thrown away'}`)
}

test('a visit that does not end in a calm moment is made anew in the same round, but not the warm-up', async () => {
  const samples = await samplesOf(['--calm', '9'], [50, 20, 9.1, 9, 8])
  assert.deepEqual(outcomes(samples), ['1 thrown away', '1 thrown away', '1 counts', '2 counts'])
})

test('it is made eight times at most, and once where there is no time', async () => {
  const never = Array.from({ length: 100 }, () => 20)
  const samples = await samplesOf(['--calm', '9'], never)
  assert.equal(samples.filter(({ round }) => round === 1).length, 8)
  assert.deepEqual(outcomes(await samplesOf(['--calm', '9'], never, false)), ['1 thrown away', '2 thrown away'])
})

test('where nothing is said of calm, each visit counts', async () => {
  assert.deepEqual(outcomes(await samplesOf([], [50, 50, 50])), ['1 counts', '2 counts'])
})
