import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const deadline = 300_000
const pause = 20

/** A port that nobody has now; for programs that cannot say which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Resolves when somebody accepts there; rejects after five minutes (nginx reads thousands of hosts for seconds), or when `ended` says why nobody will. */
export async function untilAccepting(port: number, ended: () => string | undefined): Promise<void> {
  const until = performance.now() + deadline
  while (!(await isAccepting(port))) {
    const fault = ended()
    if (fault !== undefined) throw new Error(fault)
    if (performance.now() > until) throw new Error(`nobody accepts on port ${port}`)
    await wait(pause)
  }
}

function isAccepting(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (accepted: boolean): void => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => settle(true)).once('error', () => settle(false))
  })
}
