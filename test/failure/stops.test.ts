import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { ask } from '../support/http-client.ts'
import { startLintel } from '../support/lintel.ts'
import type { Lintel } from '../support/lintel.ts'
import { startLoadUpstream } from '../support/load-upstream.ts'
import { printIngress } from '../support/manifests.ts'
import { RawClient } from '../support/raw-client.ts'

const request = 'GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n'
const patience = { timeout: 60_000 }
const onLinux = { ...patience, skip: process.platform !== 'linux' && 'finds processes by /proc' }

interface Scene {
  readonly lintel: Lintel
  /** Ends the answers that are open. */
  readonly answer: () => void
  /** A connection with a request that has reached the upstream and is not answered yet. */
  readonly open: () => Promise<RawClient>
}

const nothing = (): void => undefined

async function start(t: TestContext, ...flags: readonly string[]): Promise<Scene> {
  let isHeld = true
  const held: (() => void)[] = []
  let arrived: () => void = nothing
  const upstream = await startLoadUpstream({
    before: (asked, response) => {
      const end = (): void => void response.end(`answer to ${asked.url}`)
      if (isHeld) held.push(end)
      else end()
      arrived()
      return true
    },
  })
  t.after(() => upstream.close())
  const backend = `a:80=127.0.0.1:${upstream.port}`
  const lintel = await startLintel(
    ['--workers', '1', '--backend', backend, ...flags, '-'],
    printIngress('a', [{ host: 'a.test', service: 'a' }]),
  )
  t.after(() => lintel.stop('SIGKILL'))
  const open = async (): Promise<RawClient> => {
    const client = await RawClient.connect(lintel.httpPort)
    t.after(() => client.close())
    const there = new Promise<void>((resolve) => (arrived = resolve))
    client.send(request)
    await there
    return client
  }
  const answer = (): void => {
    isHeld = false
    for (const end of held.splice(0)) end()
  }
  return { lintel, answer, open }
}

/**
 * Resolves once new connections are refused. Of those that come while accepting ends, the kernel may reset the ones that it
 * finds in the queue at the close: here one at most, since each client comes when the one before has been let in. That
 * those which came before are served is tested at the listener.
 */
async function untilRefused({ httpPort }: Lintel): Promise<void> {
  for (let resets = 0; ;) {
    try {
      const client = await RawClient.connect(httpPort)
      client.close()
    } catch (error) {
      if (resets++ > 0 || !String(error).includes('ECONNRESET')) return assert.match(String(error), /ECONNREFUSED/)
    }
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(
    `${signal}: what was begun is finished and told to be the last, new connections are refused, exit 0`,
    patience,
    async (t) => {
      const { lintel, answer, open } = await start(t)
      const client = await open()
      const exit = lintel.stop(signal)
      await untilRefused(lintel)
      assert.equal(client.received, '')
      answer()
      assert.match(await client.ended(), /^HTTP\/1\.1 200 .*\r\nConnection: close\r\n.*answer to \/x/s)
      assert.equal(await exit, 0)
    },
  )
}

test('a second signal stops at once, and the exit code tells of it', patience, async (t) => {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const { lintel, open } = await start(t)
    const client = await open()
    const exit = lintel.stop('SIGTERM')
    await untilRefused(lintel)
    lintel.process.kill(signal)
    assert.equal(await exit, code)
    assert.equal(await client.ended(), '')
  }
})

for (const flag of ['--drain-delay', '--shutdown-grace-period']) {
  test(`${flag}: connections are accepted for so long after the signal, and told to close`, patience, async (t) => {
    const { lintel, answer } = await start(t, flag, '2s')
    answer()
    const begun = performance.now()
    const exit = lintel.stop()
    const ports = { http: lintel.httpPort, https: lintel.httpsPort }
    for (let announced = false; !announced;) {
      const { status, fields } = await ask(ports, { method: 'GET', url: 'http://a.test/x' })
      assert.equal(status, 200)
      announced = fields.connection === 'close'
    }
    await untilRefused(lintel)
    assert.ok(performance.now() - begun >= 2_000)
    assert.equal(await exit, 0)
  })
}

test('--drain-limit: what is still open after it is cut, exit 0', patience, async (t) => {
  const { lintel, open } = await start(t, '--drain-limit', '500ms')
  const client = await open()
  assert.equal(await lintel.stop(), 0)
  await client.ended()
  assert.equal(client.ending, 'reset')
})

test('an idle connection outlives the signal for 5 s, and a request on it is answered', patience, async (t) => {
  const { lintel, answer, open } = await start(t)
  const [client, idle] = [await open(), await open()]
  answer()
  await Promise.all([client.until('answer'), idle.until('answer')])
  const begun = performance.now()
  const exit = lintel.stop()
  await untilRefused(lintel)
  client.received = ''
  client.send(request)
  assert.match(await client.ended(), /\r\nConnection: close\r\n.*answer to \/x/s)
  client.close()
  assert.equal(idle.ending, undefined)
  assert.equal(await exit, 0)
  assert.ok(performance.now() - begun > 4_000)
})

test('processes whose supervisor is killed end too', onLinux, async (t) => {
  const { lintel } = await start(t)
  const titles = ['lintel: control', 'lintel: worker 1']
  const pids = titles.flatMap((title) => lintel.pids(title))
  assert.equal(pids.length, titles.length)
  await lintel.stop('SIGKILL')
  await untilRefused(lintel)
  while (pids.some(isRunning)) await new Promise(setImmediate)
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
