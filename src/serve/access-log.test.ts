import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import type { AccessEntry } from '../model/index.ts'
import { AccessLogWriter } from './access-log.ts'

const proxied: AccessEntry = {
  status: 200,
  method: 'GET',
  host: 'a.test',
  path: '/x?y=1',
  service: 'default/a:80',
  endpoint: '10.0.0.1:8080',
  bytes: 5,
  ms: 1.23456,
  requestId: 'abc',
}
const refused: AccessEntry = {
  status: 404,
  reason: 'NoRoute',
  method: 'GET',
  host: 'b.test',
  path: '/',
  bytes: 9,
  ms: 0,
  requestId: 'def',
}

/** A sink that keeps what it is given, and takes the next piece when it is told to. */
class Sink {
  readonly pieces: string[] = []
  #done: (() => void) | undefined

  readonly take = (text: string, done: () => void): void => {
    assert.equal(this.#done, undefined, 'two pieces at once')
    this.pieces.push(text)
    this.#done = done
  }

  next(): boolean {
    const done = this.#done
    this.#done = undefined
    done?.()
    return done !== undefined
  }

  get text(): string {
    return this.pieces.join('')
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What one entry is written as. */
async function lineOf(entry: AccessEntry, format: 'text' | 'json'): Promise<string> {
  const sink = new Sink()
  const log = new AccessLogWriter(format, sink.take, () => Date.UTC(2026, 0, 2, 3, 4, 5, 6))
  log.log(entry)
  log.release()
  await turn()
  return sink.text
}

test('a JSON line has its fields in order, and no reason where the answer is the upstream’s', async () => {
  assert.equal(
    await lineOf(proxied, 'json'),
    '{"event":"request","time":"2026-01-02T03:04:05.006Z","status":200,"method":"GET","host":"a.test","path":"/x?y=1",' +
      '"service":"default/a:80","endpoint":"10.0.0.1:8080","bytes":5,"ms":1.235,"requestId":"abc"}\n',
  )
  assert.equal(
    await lineOf(refused, 'json'),
    '{"event":"request","time":"2026-01-02T03:04:05.006Z","status":404,"reason":"NoRoute","method":"GET",' +
      '"host":"b.test","path":"/","bytes":9,"ms":0,"requestId":"def"}\n',
  )
})

test('a text line says who answered', async () => {
  assert.equal(
    await lineOf(proxied, 'text'),
    '2026-01-02T03:04:05.006Z 200 GET a.test/x?y=1 default/a:80 10.0.0.1:8080 5B 1.235ms abc\n',
  )
  assert.equal(await lineOf(refused, 'text'), '2026-01-02T03:04:05.006Z 404 GET b.test/ NoRoute 9B 0ms def\n')
})

test('whatever octets a client sends, a JSON line is one line of ASCII and reads back the same', async () => {
  const octets = fc.array(fc.integer({ min: 0, max: 255 })).map((codes) => String.fromCharCode(...codes))
  await fc.assert(
    fc.asyncProperty(octets, octets, octets, async (method, host, path) => {
      const line = await lineOf({ ...refused, method, host, path }, 'json')
      assert.match(line, /^[ -~]*\n$/)
      const read = JSON.parse(line) as Record<string, unknown>
      assert.deepEqual([read['method'], read['host'], read['path']], [method, host, path])
    }),
  )
})

test('whatever octets a client sends, a text line is one line', async () => {
  const octets = fc.array(fc.integer({ min: 0, max: 255 })).map((codes) => String.fromCharCode(...codes))
  await fc.assert(
    fc.asyncProperty(octets, async (path) => {
      assert.match(await lineOf({ ...refused, path }, 'text'), /^[ -~]*\n$/)
    }),
  )
})

test('nothing is written before release(), and lines of one turn leave together', async () => {
  const sink = new Sink()
  const log = new AccessLogWriter('text', sink.take, () => 0)
  for (let count = 0; count < 3; count++) log.log(proxied)
  await turn()
  assert.deepEqual(sink.pieces, [])
  log.release()
  assert.equal(sink.pieces.length, 1)
  assert.equal(sink.text.split('\n').length, 4)
})

test('a piece holds whole lines and at most 4096 octets', async () => {
  const sink = new Sink()
  const log = new AccessLogWriter('json', sink.take, () => 0)
  for (let count = 0; count < 200; count++) log.log({ ...proxied, requestId: String(count) })
  const flushed = log.flush()
  while (sink.next()) await turn()
  await flushed
  for (const piece of sink.pieces) assert.ok(piece.length <= 4_096 && piece.endsWith('\n'), `${piece.length} octets`)
  const ids = sink.text.trim().split('\n')
  assert.deepEqual(
    ids.map((line) => (JSON.parse(line) as { requestId: string }).requestId),
    Array.from({ length: 200 }, (_, index) => String(index)),
  )
})

test('a reader that is too slow costs lines, which are counted, and no memory', async () => {
  const sink = new Sink()
  const log = new AccessLogWriter('text', sink.take, () => 0)
  log.release()
  const path = `/${'a'.repeat(1_000)}`
  for (let count = 0; count < 10_000; count++) log.log({ ...proxied, path })
  assert.ok(log.dropped > 4_000 && log.dropped < 8_000, `${log.dropped} dropped`)
  const flushed = log.flush()
  while (sink.next());
  await flushed
  assert.equal(sink.text.split('\n').length - 1, 10_000 - log.dropped)
})

test('flush() resolves when the last line has been taken, at once if there is none', async () => {
  const sink = new Sink()
  const log = new AccessLogWriter('text', sink.take, () => 0)
  await log.flush()
  log.log(proxied)
  const seen = { flushed: false }
  const flushed = log.flush().then(() => (seen.flushed = true))
  await turn()
  assert.equal(seen.flushed, false)
  sink.next()
  await flushed
})
