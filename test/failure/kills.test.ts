import { test } from 'node:test'

import { killControl } from './exercises/control-kills.ts'
import { times } from './exercises/findings.ts'
import { stopGracefully } from './exercises/graceful-stops.ts'
import { killWorkers } from './exercises/worker-kills.ts'
import { holds } from './holds.ts'

const onLinux = { skip: process.platform !== 'linux' && 'finds processes by /proc', timeout: 120_000 }

test('20 kills of a worker fail at most the requests on its own connections', onLinux, (t) =>
  holds(t, killWorkers, times(20)),
)

test('SIGKILL of control costs no request, and the next edit is live', onLinux, (t) => holds(t, killControl, times(3)))

test('SIGTERM under load finishes what was begun, and exits 0', { timeout: 120_000 }, (t) =>
  holds(t, stopGracefully, times(1)),
)
