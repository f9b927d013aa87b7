import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'

import { bundle } from './bundle.ts'

/** Away from the checkout, where nothing but Node and the bundle can be found. */
describe('the bundle', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-bundle-'))
  const dist = join(folder, 'dist')
  const main = join(dist, 'lib/lintel/main.js')
  before(() => bundle(dist))
  after(() => rmSync(folder, { recursive: true }))

  test('it says which version it is', () => {
    const { stdout, status } = spawnSync(process.execPath, [main, 'version'], { cwd: folder, encoding: 'utf8' })
    assert.equal(status, 0)
    assert.match(stdout, /^lintel \d+\.\d+\.\d+, Node /)
  })

  test('its command runs through a link, by its name alone', () => {
    symlinkSync(join(dist, 'bin/lintel'), join(folder, 'lintel'))
    const PATH = [folder, dirname(process.execPath)].join(delimiter)
    const run = (flag: string): string => {
      const { status, stdout } = spawnSync('/bin/sh', ['-c', `lintel ${flag}`], { env: { PATH }, encoding: 'utf8' })
      assert.equal(status, 0)
      return stdout
    }
    assert.match(run('version'), /^lintel \d+\.\d+\.\d+, Node /)
    assert.match(run('--help'), /^Usage: lintel COMMAND$/m)
  })

  test('the image links a command that is in it, on the PATH, and starts by it', () => {
    const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')
    const [, target = '', link = ''] = /^RUN ln -s \/lintel\/(\S+) (\S+)$/m.exec(dockerfile) ?? []
    assert.ok(existsSync(join(dist, target)), target)
    assert.equal(link, '/usr/local/bin/lintel')
    const [, entry = ''] = /^ENTRYPOINT (.+)$/m.exec(dockerfile) ?? []
    assert.deepEqual(JSON.parse(entry), [link, 'serve', '--kubernetes'])
  })

  test('it serves the example', async () => {
    const args = ['serve', '--bind', '127.0.0.1', '--http-port', '0', '--https-port', '0', '--log', 'json', '--echo']
    const child = spawn(process.execPath, [main, ...args, join(dist, 'examples/shop')], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const { http } = JSON.parse(line) as { http: readonly [string] }
    const { status } = await fetch(`http://${http[0]}/`, { redirect: 'manual' })
    assert.equal(status, 404)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

  test('the library of Kubernetes is in it', () => {
    const kubeconfig = join(folder, 'kubeconfig')
    writeFileSync(kubeconfig, '{')
    const args = [main, 'check', '--kubeconfig', kubeconfig]
    const { stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    assert.equal(status, 2)
    assert.match(stderr, /kubeconfig cannot be read/)
  })

  test('it brings the licences of what is in it', () => {
    assert.match(readFileSync(join(dist, 'THIRD-PARTY-LICENSES'), 'utf8'), /^@kubernetes\/client-node [\d.]+: /m)
  })
})
