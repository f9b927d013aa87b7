import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startLintel } from '../support/lintel.ts'
import { listenersOf } from '../support/process-facts.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc' }

test(
  'each worker has several descriptors of a port, of which each takes a connection in a turn',
  onLinux,
  async (t) => {
    const lintel = await startLintel(['--workers', '2', '--backend', 'a:80=127.0.0.1:3000', '-'])
    t.after(() => lintel.stop())
    const workers = [...lintel.pids('lintel: worker 1'), ...lintel.pids('lintel: worker 2')]
    const counts = workers.map((pid) => [listenersOf(pid, lintel.httpPort), listenersOf(pid, lintel.httpsPort)])
    assert.deepEqual(counts.flat(), Array(4).fill(8))
  },
)
