import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

import { roundTrip } from './raw-client.ts'

const program = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  process.stdout.write(String(this.address().port))
})`

/** A port whose queue is full: what knocks at it hears nothing. */
export async function startDeafPort(after: (cleanup: () => unknown) => void): Promise<number> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  after(() => child.kill('SIGKILL'))
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGSTOP')
  const waiting = Array.from({ length: 4 }, () => connect(Number(port), '127.0.0.1').on('error', () => undefined))
  after(() => waiting.forEach((socket) => socket.destroy()))
  await once(waiting[0] ?? child, 'connect')
  await roundTrip()
  return Number(port)
}
