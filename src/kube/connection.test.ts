import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, after, suite, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { FakeClock } from '../../test/support/fake-clock.ts'
import { connect as connectBy, NoCluster } from './connection.ts'
import type { Connection, ConnectionOptions } from './connection.ts'
import { plugInLimit } from './plug-in-process.ts'

const clock = new FakeClock()
const connect = (options: ConnectionOptions): Promise<Connection> => connectBy(options, clock)

let folder: string
before(() => (folder = mkdtempSync(join(tmpdir(), 'lintel-kubeconfig-'))))
after(() => rmSync(folder, { recursive: true }))

/** A kubeconfig with one user, and two contexts. */
function write(user: object, cluster: object = {}): string {
  const path = join(folder, 'config')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://api.test:6443/prefix', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u' } },
      { name: 'two', context: { cluster: 'c', user: 'u', namespace: 'shop' } },
      { name: 'broken', context: { cluster: 'none', user: 'u' } },
    ],
    'current-context': 'one',
  }
  writeFileSync(path, JSON.stringify(config))
  return path
}

/** A process that has ended and is not waited for yet counts as gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

suite('connect() reads a kubeconfig', () => {
  test('server, namespace, token', async () => {
    const kubeconfig = write({ token: 'secret' })
    const connection = await connect({ kubeconfig, context: undefined })
    assert.equal(connection.server.href, 'https://api.test:6443/prefix')
    assert.equal(connection.namespace, 'default')
    assert.deepEqual((await connection.credentials()).headers, { Authorization: 'Bearer secret' })
    assert.equal((await connect({ kubeconfig, context: 'two' })).namespace, 'shop')
  })

  test('name and password, certificates, server name', async () => {
    const [certificate, key, authority] = ['cert', 'key', 'ca'].map((text) => Buffer.from(text).toString('base64'))
    const kubeconfig = write(
      { username: 'a', password: 'b', 'client-certificate-data': certificate, 'client-key-data': key },
      { 'certificate-authority-data': authority, 'tls-server-name': 'inner.test' },
    )
    const { headers, tls, agent } = await (await connect({ kubeconfig, context: undefined })).credentials()
    assert.deepEqual(headers, { Authorization: 'Basic YTpi' })
    const texts = [tls.ca, tls.cert, tls.key, tls.servername].map(String)
    assert.deepEqual(texts, ['ca', 'cert', 'key', 'inner.test'])
    assert.equal(tls.rejectUnauthorized, undefined)
    assert.equal(agent, undefined)
  })

  test('a proxy', async () => {
    const kubeconfig = write({ token: 't' }, { 'proxy-url': 'http://127.0.0.1:1' })
    const connection = await connect({ kubeconfig, context: undefined })
    const { agent } = await connection.credentials()
    assert.notEqual(agent, undefined)
    assert.equal((await connection.credentials()).agent, agent)
  })

  for (const [what, context, wanted] of [
    ['a context that is not there', 'three', /no context "three"; there are: one, two, broken/],
    ['a context without its cluster', 'broken', /names no server/],
  ] as const)
    test(`${what} is told`, async () => {
      await assert.rejects(connect({ kubeconfig: write({}), context }), (error) => {
        assert.ok(error instanceof NoCluster)
        assert.match(error.message, wanted)
        return true
      })
    })

  test('a file that is none is told', async () => {
    const path = join(folder, 'broken')
    for (const text of ['{', '- a', '{}', 'null', '']) {
      writeFileSync(path, text)
      await assert.rejects(connect({ kubeconfig: path, context: undefined }), NoCluster)
    }
    await assert.rejects(connect({ kubeconfig: join(folder, 'none'), context: undefined }), /cannot be read/)
  })
})

suite('credentials() follow what rotates', () => {
  test('a token file is read again after the server refused us, without its line end', async () => {
    const tokenFile = join(folder, 'token')
    writeFileSync(tokenFile, 'first\n')
    const kubeconfig = write({ 'auth-provider': { name: 'tokenFile', config: { tokenFile } } })
    const connection = await connect({ kubeconfig, context: undefined })
    assert.deepEqual((await connection.credentials()).headers, { Authorization: 'Bearer first' })
    writeFileSync(tokenFile, 'second\n')
    connection.forget()
    assert.deepEqual((await connection.credentials()).headers, { Authorization: 'Bearer second' })
  })

  test('a plug-in is asked once, and again after the server refused us', async () => {
    const count = join(folder, 'count')
    const plugin = join(folder, 'plugin')
    writeFileSync(count, '')
    writeFileSync(
      plugin,
      `#!/bin/sh\nprintf x >> '${count}'\nprintf '{"kind":"ExecCredential","status":{"token":"%s"}}' "$(cat '${count}')"\n`,
    )
    chmodSync(plugin, 0o755)
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' }
    const connection = await connect({ kubeconfig: write({ exec }), context: undefined })
    const token = async (): Promise<string | undefined> => (await connection.credentials()).headers['Authorization']
    assert.deepEqual(await Promise.all([token(), token(), token()]), ['Bearer x', 'Bearer x', 'Bearer x'])
    assert.equal(await token(), 'Bearer x')
    connection.forget()
    assert.equal(await token(), 'Bearer xx')
  })

  const skip = process.platform !== 'linux' && 'whether a process lives is read from /proc'
  test(
    'a plug-in that hangs is ended with what it started, told of, and asked again',
    { skip, timeout: 60_000 },
    async (t) => {
      const pids = join(folder, 'pids')
      execFileSync('mkfifo', [pids])
      const plugin = join(folder, 'hanging')
      writeFileSync(plugin, `#!/bin/sh\nsleep 600 &\necho $! > '${pids}'\nwait\n`)
      chmodSync(plugin, 0o755)
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' }
      const connection = await connect({ kubeconfig: write({ exec }), context: undefined })
      for (const time of ['at first', 'again']) {
        const asked = assert.rejects(connection.credentials(), /the plug-in .*hanging said nothing for 10 s/, time)
        const sleeper = Number(await readFile(pids, 'utf8'))
        t.after(() => void (isAlive(sleeper) && process.kill(sleeper)))
        assert.ok(isAlive(sleeper))
        clock.advance(plugInLimit)
        await asked
        while (isAlive(sleeper)) await setImmediate()
      }
      assert.equal(clock.pending, 0)
    },
  )

  test('a token file is read again after a minute, as a kubelet renews it in place', async (t) => {
    const tokenFile = join(folder, 'renewed')
    writeFileSync(tokenFile, 'first')
    const kubeconfig = write({ 'auth-provider': { name: 'tokenFile', config: { tokenFile } } })
    const connection = await connect({ kubeconfig, context: undefined })
    const token = async (): Promise<string | undefined> => (await connection.credentials()).headers['Authorization']
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
    assert.equal(await token(), 'Bearer first')
    writeFileSync(tokenFile, 'second')
    t.mock.timers.tick(61_000)
    assert.equal(await token(), 'Bearer second')
  })

  test('a plug-in that fails is a failure of the request, not of the process', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: join(folder, 'none'),
      interactiveMode: 'Never',
    }
    const connection = await connect({ kubeconfig: write({ exec }), context: undefined })
    await assert.rejects(connection.credentials())
  })

  test('a kubeconfig that breaks later leaves what was known', async () => {
    const kubeconfig = write({ token: 'secret' })
    const connection = await connect({ kubeconfig, context: undefined })
    writeFileSync(kubeconfig, '{')
    connection.forget()
    assert.deepEqual((await connection.credentials()).headers, { Authorization: 'Bearer secret' })
  })
})
