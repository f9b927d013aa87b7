import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkFlags, explainFlags, serveFlags } from './flag-table.ts'
import { FlagValues } from './flag-values.ts'
import { printFlags, readFlags } from './flags.ts'
import type { Flag } from './flags.ts'
import { UsageError } from './usage-error.ts'

const flags: readonly Flag[] = [
  { name: 'port', value: 'PORT', standard: '8080', doc: 'Where it listens' },
  { name: 'class', short: 'c', value: 'NAME', repeatable: true, doc: 'A class' },
  { name: 'echo', doc: 'Answers itself' },
  { name: 'delay', alias: 'grace', value: 'DURATION', doc: 'Waits' },
]

const read = (...args: string[]): Record<string, readonly string[]> => Object.fromEntries(readFlags(args, flags).values)

test('readFlags() reads every way to write a flag', () => {
  assert.deepEqual(read('--port', '1'), { port: ['1'] })
  assert.deepEqual(read('--port=1'), { port: ['1'] })
  assert.deepEqual(read('--echo'), { echo: ['true'] })
  assert.deepEqual(read('--echo=true', '-c', 'a', '-cb'), { echo: ['true'], class: ['a', 'b'] })
})

test("readFlags() reads Go's truths", () => {
  for (const text of ['false', 'False', 'FALSE', 'f', 'F', '0'])
    assert.deepEqual(read(`--echo=${text}`), { echo: ['false'] })
  for (const text of ['true', 'T', '1']) assert.deepEqual(read(`--echo=${text}`), { echo: ['true'] })
  assert.throws(() => read('--echo=no'), { message: '--echo=no: true or false wanted' })
})

test('readFlags() takes the last value, and all values of a repeatable flag', () => {
  assert.deepEqual(read('--port', '1', '--port', '2'), { port: ['2'] })
  assert.deepEqual(read('--class', 'a', '--class=b'), { class: ['a', 'b'] })
})

test('readFlags() files an alias under the name of its flag', () => {
  assert.deepEqual(read('--grace', '5s'), { delay: ['5s'] })
  assert.deepEqual(read('--delay', '1s', '--grace', '5s'), { delay: ['5s'] })
})

test('readFlags() lets operands stand anywhere, - and everything after -- among them', () => {
  assert.deepEqual(readFlags(['a', '--echo', '-', '--', '--port'], flags).operands, ['a', '-', '--port'])
})

test('readFlags() refuses an unknown flag and says which is near', () => {
  assert.throws(() => read('--prt', '1'), { message: 'unknown flag --prt: is --port meant?' })
  assert.throws(() => read('--prot', '1'), { message: 'unknown flag --prot: is --port meant?' })
  assert.throws(() => read('--zzzzzz'), { message: 'unknown flag --zzzzzz; lintel help COMMAND lists them' })
  assert.throws(() => read('-x'), UsageError)
  for (const name of ['--__proto__', '--constructor', '--toString=1']) assert.throws(() => read(name), UsageError)
})

test('readFlags() refuses a flag whose value is missing', () => {
  for (const args of [['--port'], ['--port=']])
    assert.throws(() => read(...args), { message: '--port needs a value: --port PORT' })
})

test('readFlags() does not take a flag for the value of another', () => {
  assert.throws(() => read('--port', '--echo'), { message: '--port needs a value: --port PORT' })
  assert.deepEqual(read('--class=--echo'), { class: ['--echo'] })
})

test('printFlags() names value, alias, default and repetition', () => {
  assert.equal(
    printFlags(flags),
    [
      '  --port PORT                Where it listens (default 8080)',
      '  -c, --class NAME           A class (repeatable)',
      '  --echo                     Answers itself',
      '  --delay, --grace DURATION  Waits',
      '',
    ].join('\n'),
  )
})

test('no command has two flags of one name, and every flag is documented', () => {
  for (const table of [serveFlags, checkFlags, explainFlags]) {
    const names = table.flatMap(({ name, alias }) => [name, ...(alias === undefined ? [] : [alias])])
    assert.equal(new Set(names).size, names.length)
    for (const { doc } of table) assert.match(doc, /^[A-Z].*[^.]$/)
  }
})

const valuesOf = (...args: string[]): FlagValues => new FlagValues(readFlags(args, serveFlags))

test('FlagValues names the flag whose value cannot be read', () => {
  const table: readonly (readonly [read: () => unknown, message: string])[] = [
    [() => valuesOf('--http-port=65536').port('http-port'), '--http-port 65536: a number from 0 to 65535 wanted'],
    [() => valuesOf('--http-port=8o').port('http-port'), '--http-port 8o: a number from 0 to 65535 wanted'],
    [() => valuesOf('--workers=0').count('workers'), '--workers 0: a number from 1 to 256 wanted'],
    [() => valuesOf('--log=xml').word('log', ['text', 'json', 'off']), '--log xml: text, json, off wanted'],
    [() => valuesOf('--bind=example.com').address('bind'), '--bind example.com: an IP address wanted'],
    [
      () => valuesOf('--connect-timeout=5 s').milliseconds('connect-timeout'),
      '--connect-timeout 5 s: a duration wanted, such as 1m30s or 500ms',
    ],
    [
      () => valuesOf('--backend=api').backends,
      '--backend api: SERVICE:PORT=HOST:PORT wanted, such as api-svc:8080=127.0.0.1:3000',
    ],
    [
      () => valuesOf('--default-ssl-certificate=tls').namespacedName('default-ssl-certificate'),
      '--default-ssl-certificate tls: NAMESPACE/NAME wanted',
    ],
  ]
  for (const [act, message] of table) assert.throws(act, { message })
})
