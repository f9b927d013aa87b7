import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, after, suite, test } from 'node:test'

import { connect, NoCluster } from './connection.ts'

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
    assert.notEqual((await (await connect({ kubeconfig, context: undefined })).credentials()).agent, undefined)
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
    assert.deepEqual([await token(), await token()], ['Bearer x', 'Bearer x'])
    connection.forget()
    assert.equal(await token(), 'Bearer xx')
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
