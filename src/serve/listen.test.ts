import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'

import { bindPort, listen, listenOn } from './listen.ts'

const outcome = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve('connected') ?? socket.destroy())
    socket.once('error', (error: Error & { code?: string }) => resolve(error.code ?? ''))
  })

for (const shared of [true, false]) {
  const form = shared ? 'a shared socket' : 'reusePort'
  test(`bindPort() with ${form} refuses connections until somebody listens`, async (t) => {
    const bound = await bindPort('127.0.0.1', 0, shared)
    assert.equal(await outcome(bound.port), 'ECONNREFUSED')
    const server = createServer((socket) => socket.end())
    t.after(() => server.close())
    await listen(server, listenOn(bound, bound.descriptor))
    assert.equal(await outcome(bound.port), 'connected')
  })
}

test('bindPort() without a host takes IPv4 too', async (t) => {
  const bound = await bindPort(undefined, 0)
  const server = createServer((socket) => socket.end())
  t.after(() => server.close())
  await listen(server, listenOn(bound, bound.descriptor))
  assert.equal(await outcome(bound.port), 'connected')
})

test('bindPort() says that somebody listens on the port', async (t) => {
  const bound = await bindPort('127.0.0.1', 0)
  const server = createServer()
  t.after(() => server.close())
  await listen(server, listenOn(bound, bound.descriptor))
  await assert.rejects(bindPort('127.0.0.1', bound.port), { code: 'EADDRINUSE' })
})

test('bindPort() gives a descriptor that a child process can listen on', async (t) => {
  const bound = await bindPort('127.0.0.1', 0)
  t.after(() => bound.close())
  const program = `require('node:net').createServer((s) => s.end()).listen({ fd: 4 }, () => process.send('listening'))`
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', bound.descriptor ?? 'ignore'],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'message')
  assert.equal(await outcome(bound.port), 'connected')
})
