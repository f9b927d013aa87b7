import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, test } from 'node:test'

import { commands } from '../../src/cli/index.ts'
import { printIngress } from '../support/manifests.ts'
import { runCli, runLintel, runProgram } from '../support/run-cli.ts'

const root = join(import.meta.dirname, '../..')
const shop = join(root, 'examples/shop')
const minimal = join(root, 'examples/minimal/ingress.yaml')

describe('help', { concurrency: 2 }, () => {
  for (const args of [['help'], ['--help'], ['-h']]) {
    test(`${args.join(' ')} lists every command`, async () => {
      const { code, output, errors } = await runCli(args)
      assert.deepEqual([code, errors], [0, ''])
      for (const { name, summary } of commands) assert.match(output, new RegExp(`^ {2}${name}\\b.*${summary}$`, 'm'))
    })
  }

  for (const { name, flags } of commands) {
    test(`help ${name} and ${name} --help name every flag, in lines that fit`, async () => {
      const [help, flag] = await Promise.all([runCli(['help', name]), runCli([name, '--help'])])
      assert.deepEqual(help, flag)
      assert.equal(help.code, 0)
      for (const { name: own, doc } of flags) assert.ok(help.output.includes(`--${own}`) && help.output.includes(doc))
    })
  }

  test('no command at all is a mistake, and help is the way out', async () => {
    const { code, output } = await runCli([])
    assert.equal(code, 2)
    assert.match(output, /Usage: lintel COMMAND/)
  })

  test('version names Lintel, Node, and the oldest Node', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    for (const args of [['version'], ['--version']]) {
      const { code, output } = await runCli(args)
      assert.equal(code, 0)
      assert.ok(output.startsWith(`lintel ${version}, Node ${process.versions.node} (at least 24.12)`), output)
    }
  })
})

describe('lintel as a process', { concurrency: 2 }, () => {
  test('reads standard input, prints to standard output, and ends with the code of the command', async () => {
    const { code, output, errors } = await runLintel(['check', '-'], readFileSync(minimal, 'utf8'))
    assert.deepEqual([code, errors], [1, ''])
    assert.deepEqual({ code, output, errors }, await runCli(['check', '-'], readFileSync(minimal, 'utf8')))
  })

  test('says on standard error what is wrong with the command, and ends with 2', async () => {
    const { code, output, errors } = await runLintel(['chek'])
    assert.deepEqual([code, output], [2, ''])
    assert.match(errors, /^lintel: unknown command chek/)
  })
})

describe('mistakes in the command', { concurrency: 2 }, () => {
  const table: readonly (readonly [args: string, message: string])[] = [
    ['chek x', 'unknown command chek: is check meant?'],
    ['help chek', 'unknown command chek: is check meant?'],
    ['frobnicate', 'unknown command frobnicate\n'],
    [`check --ouput json ${shop}`, 'unknown flag --ouput: is --output meant?'],
    [`check -o yaml ${shop}`, '--output yaml: text, json wanted'],
    ['check', 'a path is missing'],
    ['check no-such-folder', 'no-such-folder: there is no such file or folder'],
    [`check ${shop} no-such-folder`, 'no-such-folder: there is no such file or folder'],
    [`check --backend nonsense ${shop}`, '--backend nonsense: SERVICE:PORT=HOST:PORT wanted'],
    [`check --http-port 1 ${shop}`, 'unknown flag --http-port'],
    ['explain', 'a URL is missing'],
    [`explain shop.localhost ${shop}`, 'shop.localhost: a URL wanted'],
    [`explain ftp://shop.localhost/ ${shop}`, 'ftp://shop.localhost/: a URL wanted'],
    ['explain http://shop.localhost/', 'a path is missing'],
    [`explain --client-ip here http://shop.localhost/ ${shop}`, '--client-ip here: an IP address wanted'],
    ['serve', 'a path is missing'],
    ['serve no-such-folder', 'no-such-folder: there is no such file or folder'],
    [`serve --http-port 99999 ${shop}`, '--http-port 99999: a number from 0 to 65535 wanted'],
    [`serve --upstream-timeout soon ${shop}`, '--upstream-timeout soon: a duration wanted'],
    [`serve --bind nowhere ${shop}`, '--bind nowhere: an IP address wanted'],
  ]
  for (const [args, message] of table) {
    test(`lintel ${args.replaceAll(shop, 'PATH')}`, async () => {
      const { code, output, errors } = await runCli(args.split(' '))
      assert.deepEqual([code, output], [2, ''])
      assert.ok(errors.startsWith(`lintel: ${message}`), errors)
      assert.doesNotMatch(errors, /\n\s+at /)
    })
  }

  test('serve refuses a port that is taken, and says which flag to use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const args = ['serve', '--bind', '127.0.0.1', '--http-port', String(port), '--https-port', '0', shop]
    const { code, errors } = await runCli(args)
    server.close()
    assert.equal(code, 2)
    assert.equal(errors, `lintel: port ${port} is taken: choose another with --http-port, 0 takes a free one\n`)
  })
})

interface Report {
  readonly diagnostics: readonly Record<string, unknown>[]
  readonly summary: { readonly objects: number; readonly accepted: number; readonly refused: number }
}

describe('check', { concurrency: 2 }, () => {
  test('of the example shop finds nothing', async () => {
    const { code, output } = await runCli(['check', shop])
    assert.deepEqual([code, output], [0, '7 objects: 7 accepted, 0 refused; 0 errors, 0 warnings, 0 notes\n'])
  })

  test('of the minimal example misses its Services, unless something stands in', async () => {
    assert.equal((await runCli(['check', minimal])).code, 1)
    assert.equal((await runCli(['check', '--echo', minimal])).code, 0)
    const backends = ['--backend', 'frontend-svc=127.0.0.1:1', '--backend', 'api-svc:8080=[::1]:2']
    assert.equal((await runCli(['check', ...backends, minimal])).code, 0)
  })

  test('-o json prints diagnostics and a summary', async () => {
    const { code, output } = await runCli(['check', '-o', 'json', minimal])
    const { diagnostics, summary } = JSON.parse(output) as Report
    assert.equal(code, 1)
    assert.deepEqual(summary, { objects: 1, accepted: 1, refused: 0 })
    assert.deepEqual(diagnostics[0], {
      code: 'ServiceNotFound',
      severity: 'error',
      object: { kind: 'Ingress', namespace: 'default', name: 'app-ingress' },
      field: 'spec.rules[0].http.paths[0].backend.service.name',
      message: 'there is no Service frontend-svc in namespace default: it answers 503',
      hint: 'Add the Service, or try it out with --backend NAME:PORT=HOST:PORT or --echo.',
      file: minimal,
      line: 15,
      column: 19,
    })
  })

  test('reads standard input where a path is -', async () => {
    const { code, output } = await runCli(['check', '-'], readFileSync(minimal, 'utf8'))
    assert.equal(code, 1)
    assert.match(output, /^-:15:19 {2}ServiceNotFound {2}/)
  })

  test('standard input that is not UTF-8 is refused as a file would be; what is, is read as such', async () => {
    const { code, output } = await runCli(['check', '-'], Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a]))
    assert.equal(code, 1)
    assert.match(output, /^-:1:1 {2}SyntaxError {2}not UTF-8\n/)
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: café }\n'
    assert.match((await runCli(['check', '-'], service)).output, /"café"/)
  })

  test('sorts by file and line', async () => {
    const { output } = await runCli(['check', '-o', 'json', minimal, '-'], 'kind: [')
    const files = (JSON.parse(output) as Report).diagnostics.map(({ file, line }) => [file, line])
    assert.deepEqual(files, [
      ['-', 1],
      [minimal, 15],
      [minimal, 18],
      [minimal, 22],
    ])
  })

  test('prints nothing that an object could command a terminal with', async () => {
    const ingress = printIngress('a', [{ host: '\u001B[31ma.test', service: '\u001B]0;x\u0007' }])
    const { output } = await runCli(['check', '-'], ingress)
    assert.match(output, /InvalidObject/)
    assert.doesNotMatch(output.replaceAll('\n', ''), /\p{Cc}/u)
  })
})

interface Told {
  readonly outcome: string
  readonly status?: number
  readonly reason?: string
  readonly [more: string]: unknown
}

async function explain(...args: string[]): Promise<Told> {
  const { code, output, errors } = await runCli(['explain', '-o', 'json', ...args])
  assert.deepEqual([code, errors], [0, ''])
  return JSON.parse(output) as Told
}

describe('explain', { concurrency: 2 }, () => {
  test('-o json prints what the request becomes', async () => {
    const told = await explain('--echo', 'http://shop.localhost/api/users?page=2', shop)
    const { steps, upstreamHead, endpoints, ...rest } = told
    assert.deepEqual(rest, {
      request: {
        method: 'GET',
        url: 'http://shop.localhost/api/users?page=2',
        host: 'shop.localhost',
        path: '/api/users?page=2',
      },
      outcome: 'route',
      ingress: { namespace: 'default', name: 'shop' },
      rule: { host: 'shop.localhost', path: '/api', pathType: 'Prefix' },
      service: { namespace: 'default', name: 'api-svc', port: '8080' },
    })
    assert.ok(Array.isArray(steps) && Array.isArray(endpoints))
    assert.match(String(upstreamHead), /^GET \/api\/users\?page=2 HTTP\/1\.1\r\nHost: shop\.localhost\r\n/)
    assert.match(String(upstreamHead), /\r\nX-Request-ID: <generated>\r\n[^]*\r\n\r\n$/)
  })

  test('takes method, fields and the address of the client', async () => {
    const flags = ['--method', 'POST', '--header', 'X-Request-ID: abc', '--header', 'X-Forwarded-For: 10.0.0.1']
    const told = await explain('--echo', ...flags, '--client-ip', '203.0.113.9', 'https://shop.localhost/', shop)
    const head = String(told['upstreamHead'])
    assert.match(head, /^POST \/ /)
    assert.match(head, /\r\nX-Request-ID: abc\r\n/)
    assert.match(head, /\r\nX-Forwarded-For: 203\.0\.113\.9\r\n/)
    assert.doesNotMatch(head, /10\.0\.0\.1/)
  })

  test('says why there is no route, no endpoint, and what cannot be read', async () => {
    const table: readonly (readonly [url: string, outcome: string, status: number, reason: string])[] = [
      ['http://nobody.localhost/', 'answer', 404, 'NoRoute'],
      ['http://shop.localhost/api', 'answer', 503, 'NoEndpoints'],
      ['http://shop.localhost/a%00', 'answer', 400, 'BadRequest'],
      ['http://shop.localhost/%2e%2e/api', 'answer', 400, 'AmbiguousPath'],
      ['http://shop_localhost:x/', 'answer', 400, 'BadRequest'],
      [`http://shop.localhost/${'a'.repeat(20_000)}`, 'answer', 414, 'TargetTooLong'],
    ]
    for (const [url, ...wanted] of table) {
      // oxlint-disable-next-line no-await-in-loop -- processes one after another
      const { outcome, status, reason } = await explain(url, shop)
      assert.deepEqual([outcome, status, reason], wanted, url.slice(0, 60))
    }
  })

  test('prints text for people', async () => {
    const { code, output } = await runCli(['explain', '--echo', 'http://shop.localhost/apix', shop])
    assert.equal(code, 0)
    assert.match(output, /^GET http:\/\/shop\.localhost\/apix: route$/m)
    assert.match(output, /rule +no match +Prefix \/api does not match \/apix$/m)
    assert.match(output, /^Service {4}default\/frontend-svc:80$/m)
  })

  test('terminal codes in the path of a rule are printed as what they are', async () => {
    const manifest = printIngress('one', [{ host: 'a.test', path: '/a\u202E', service: 'a' }])
    const { output } = await runCli(['explain', 'http://a.test/a%E2%80%AE', '-'], manifest)
    assert.match(output, /^Ingress.*Prefix \/a\\u\{202E\} of a.test$/m)
    assert.doesNotMatch(output, /\u202E/)
  })

  test('a line end in a field is refused, not printed', async () => {
    const told = await explain('--header', 'A: b\r\nInjected: c', 'http://shop.localhost/', shop)
    assert.deepEqual([told.status, told.reason], [400, 'BadRequest'])
  })
})

describe('bin/lintel.js', () => {
  const launcher = join(root, 'bin/lintel.js')

  test('runs under this Node', async () => {
    const { code, output } = await runProgram(process.execPath, [launcher, 'version'])
    assert.equal(code, 0)
    assert.match(output, /^lintel /)
  })

  test('runs under the pinned Node where the machine has an older one', { skip: olderNode() ?? false }, async () => {
    const { code, output } = await runProgram(findOlderNode() ?? '', [launcher, 'version'])
    assert.equal(code, 0)
    assert.ok(output.includes(`Node ${process.versions.node} `), output)
  })

  test('gives exit codes back under an older Node', { skip: olderNode() ?? false }, async () => {
    assert.equal((await runProgram(findOlderNode() ?? '', [launcher, 'check', minimal])).code, 1)
    assert.equal((await runProgram(findOlderNode() ?? '', [launcher, 'chek'])).code, 2)
  })

  test('hands SIGTERM on, and ends as Lintel does', { skip: olderNode() ?? false }, async () => {
    const flags = [
      '--bind',
      '127.0.0.1',
      '--http-port',
      '0',
      '--https-port',
      '0',
      '--log',
      'json',
      '--echo',
      '--workers',
      '1',
    ]
    const child = spawn(findOlderNode() ?? '', [launcher, 'serve', ...flags, shop], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'close'), [0, null])
  })

  test('says what to do where the runtime is missing', { skip: olderNode() ?? false }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lintel-bin-'))
    cpSync(launcher, join(folder, 'bin/lintel.mjs'))
    const { code, errors } = await runProgram(findOlderNode() ?? '', [join(folder, 'bin/lintel.mjs'), 'version'])
    rmSync(folder, { recursive: true })
    assert.equal(code, 2)
    assert.match(errors, /^lintel needs Node 24\.12 or newer, this is .*\. In a checkout run: npm ci\n$/)
  })
})

/** Why the tests of the older Node cannot run here. */
function olderNode(): string | undefined {
  return findOlderNode() === undefined ? 'there is no node below 24 on PATH' : undefined
}

/** The machine's own Node, if it is too old for Lintel. */
function findOlderNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const path = folders.map((folder) => join(folder, 'node')).find(existsSync)
  const header = join(path ?? '', '../../include/node/node_version.h')
  const [, major] = existsSync(header) ? (/NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(header, 'utf8')) ?? []) : []
  return major !== undefined && Number(major) < 24 ? path : undefined
}
