import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import type { Door } from './attackers.ts'
import { pinMemory, sentPinnings, stalledPinnings } from './pinned-memory.ts'
import type { Pinning } from './pinned-memory.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 300_000 }

const kinds: readonly [what: string, kinds: readonly Pinning[], doors: readonly Door[]][] = [
  ['whatever they send', sentPinnings, ['http']],
  ...stalledPinnings
    .filter(({ reads }) => reads === 'nothing')
    .map(({ name, ...kind }): (typeof kinds)[number] => [name, [{ name, ...kind }], ['http', 'tls']]),
]

for (const [what, pinnings, doors] of kinds)
  for (const door of doors)
    test(`connections pin 256 KiB at most, ${door}: ${what}`, onLinux, (t) =>
      holds(
        t,
        (course) => pinMemory(course, { connections: 24, upstreamTimeout: '60s', door, kinds: pinnings }),
        times(1),
      ),
    )
