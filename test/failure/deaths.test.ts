import { test } from 'node:test'

import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { printIngress } from '../support/manifests.ts'

const onLinux = { skip: process.platform !== 'linux' && 'finds processes by /proc', timeout: 120_000 }

/** Kills the one process with this title, and resolves once another has it. */
async function replace(lintel: Lintel, title: string): Promise<void> {
  const [killed = 0] = lintel.pids(title)
  process.kill(killed, 'SIGKILL')
  while (lintel.pids(title).every((pid) => pid === killed)) await new Promise(setImmediate)
}

test(
  'a worker that dies with the pipes of new control processes still untaken is waited for by nobody',
  onLinux,
  async (t) => {
    const lintel = await startLintel(
      ['--workers', '1', '--backend', 'a:80=127.0.0.1:3000', '-'],
      printIngress('a', [{ host: 'a.test', service: 'a' }]),
    )
    t.after(() => lintel.stop('SIGKILL'))
    for (const pid of lintel.pids('lintel: worker 1')) process.kill(pid, 'SIGSTOP')
    await replace(lintel, 'lintel: control')
    await replace(lintel, 'lintel: control')
    await replace(lintel, 'lintel: worker 1')
    await lintel.line(({ event }) => event === 'table')
  },
)
