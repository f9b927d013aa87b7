import assert from 'node:assert/strict'
import { test } from 'node:test'

import { numberOn } from './round-numbers.ts'
import type { Sample } from './sample.ts'

const usage = { seconds: 3, proxy: 2.7, parts: {}, neighbours: 0, stolen: 0 }

function sample(cell: string, candidate: string, round: number): Sample {
  return { cell, candidate, round, value: 1, usage, count: 9, failed: 0, figures: {} }
}

/** One round of a cell that both candidates are in. */
function roundOf(cell: string, round: number): Sample[] {
  return [sample(cell, 'nginx', round), sample(cell, 'lintel', round)]
}

/** What a run keeps whose starts measured these rounds. */
function afterStarts(starts: readonly (readonly Sample[][])[]): Sample[] {
  return starts.reduce<Sample[]>(
    (earlier, rounds) => [...earlier, ...rounds.flatMap((round) => numberOn(earlier, round))],
    [],
  )
}

function numbers(samples: readonly Sample[], cell: string, candidate: string): number[] {
  return samples.filter((one) => one.cell === cell && one.candidate === candidate).map(({ round }) => round)
}

test('rounds of several starts have a number each, the same for all who were in the round', () => {
  const start = [roundOf('h1-1k', 1), roundOf('h1-1k', 2)]
  const samples = afterStarts([start, start, start])
  assert.deepEqual(numbers(samples, 'h1-1k', 'nginx'), [1, 2, 3, 4, 5, 6])
  assert.deepEqual(numbers(samples, 'h1-1k', 'lintel'), [1, 2, 3, 4, 5, 6])
})

test('a start that needed more rounds moves those of the next, in its own cell alone', () => {
  const long = [roundOf('h1-1k', 1), roundOf('h1-1k', 2), roundOf('tls-new', 1)]
  const short = [roundOf('h1-1k', 1), roundOf('tls-new', 1)]
  const samples = afterStarts([long, short])
  assert.deepEqual(numbers(samples, 'h1-1k', 'lintel'), [1, 2, 3])
  assert.deepEqual(numbers(samples, 'tls-new', 'lintel'), [1, 2])
})

test('who was left out of the last round of a start is not behind in the next', () => {
  const first = [roundOf('h1-1k', 1), [sample('h1-1k', 'nginx', 2)]]
  const samples = afterStarts([first, [roundOf('h1-1k', 1)]])
  assert.deepEqual(numbers(samples, 'h1-1k', 'nginx'), [1, 2, 3])
  assert.deepEqual(numbers(samples, 'h1-1k', 'lintel'), [1, 3])
})
