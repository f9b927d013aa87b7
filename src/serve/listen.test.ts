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

test('a process takes as many connections in a turn of its loop as it has descriptors of the socket', async (t) => {
  const bound = await bindPort('127.0.0.1', 0)
  t.after(() => bound.close())
  const program = `
    let taken = 0
    const take = (socket) => {
      if (taken++ === 0) setImmediate(() => process.send(taken))
      socket.destroy()
    }
    const servers = [4, 5, 6].map((fd) => require('node:net').createServer(take).listen({ fd }))
    Promise.all(servers.map((server) => require('node:events').once(server, 'listening'))).then(() =>
      process.send('listening', () => require('node:fs').readSync(0, Buffer.alloc(1))))`
  const descriptors = Array<number | 'ignore'>(3).fill(bound.descriptor ?? 'ignore')
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc', ...descriptors],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'message')
  await Promise.all(Array.from({ length: 6 }, () => outcome(bound.port)))
  child.stdin?.write('x')
  assert.deepEqual(await once(child, 'message'), [3, undefined])
})
