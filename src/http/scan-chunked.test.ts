import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'

import { ChunkedDecoder, printChunk, printChunkHead, printLastChunk } from './scan-chunked.ts'

interface Decoded {
  readonly end: 'done' | 'faulty' | 'more'
  readonly body: string
  readonly trailers: string
  readonly dropped: readonly string[]
  /** Octets that were not taken. */
  readonly left: number
}

/** Feeds the text cut before each of `cuts`, as a connection does. */
function decode(text: string, cuts: readonly number[] = []): Decoded {
  const decoder = new ChunkedDecoder()
  const bytes = Buffer.from(text, 'latin1')
  const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length]
  let body = ''
  let at = 0
  for (const end of ends)
    at = decoder.take(bytes, at, end, (octets, from, to) => {
      body += octets.toString('latin1', from, to)
      return true
    })
  const end = decoder.faulty ? 'faulty' : 'more'
  return {
    end: decoder.done ? 'done' : end,
    body,
    trailers: decoder.trailers,
    dropped: decoder.droppedTrailers.map(({ name, reason }) => `${name}: ${reason}`),
    left: bytes.length - at,
  }
}

const last = '0\r\n\r\n'
const everywhere = Array.from({ length: 4_096 }, (_, at) => at)
const zeros = (count: number): string => '0'.repeat(count)

const read: [text: string, body: string][] = [
  [last, ''],
  [`5\r\nhello\r\n${last}`, 'hello'],
  [`2\r\nhe\r\n3\r\nllo\r\n${last}`, 'hello'],
  [`A\r\n0123456789\r\n${last}`, '0123456789'],
  [`00a\r\n0123456789\r\n${last}`, '0123456789'],
  [`${zeros(12)}1\r\nx\r\n${zeros(13)}\r\n\r\n`, 'x'],
  [`5\r\n0\r\n\r\n\r\n${last}`, '0\r\n\r\n'],
  [`1;a\r\nx\r\n${last}`, 'x'],
  [`1;a=b;c="d;\\"\u{E9}\t\\\\";e\r\nx\r\n0;f\r\n\r\n`, 'x'],
  [`1;a=""\r\nx\r\n${last}`, 'x'],
  [`1;${'a'.repeat(253)}\r\nx\r\n${last}`, 'x'],
]

const refused: [what: string, text: string][] = [
  ['LF alone after a size', '1\nx\r\n'],
  ['LF alone after data', '1\r\nx\n'],
  ['LF alone after the last chunk', '0\n'],
  ['LF alone after the last chunk and CRLF', '0\r\n\n'],
  ['CR and something else after a size', '1\rx'],
  ['CR alone after data', '1\r\nx\r1'],
  ['data longer than the size', '1\r\nxy\r\n'],
  ['data without a line end', '1\r\nx0\r\n\r\n'],
  ['no size', '\r\n'],
  ['an extension without a size', ';a\r\n'],
  ['a blank before a size', ' 1\r\n'],
  ['a blank after a size', '1 \r\n'],
  ['a tab after a size', '1\t\r\n'],
  ['a sign', '+1\r\n'],
  ['a minus', '-1\r\n'],
  ['0x', '0x1\r\n'],
  ['a digit that is none', '1g\r\n'],
  ['an underscore', '1_0\r\n'],
  ['a comma', '1,1\r\n'],
  ['a NUL', '1\0\r\n'],
  ['a size of 14 digits', '10000000000000'],
  ['a size of 2^64 + 1', '10000000000000001'],
  ['many zeros', zeros(14)],
  ['a semicolon alone', '1;\r\n'],
  ['a semicolon too many', '1;a;\r\n'],
  ['two semicolons', '1;;a\r\n'],
  ['a blank before an extension', '1 ;a\r\n'],
  ['a blank in an extension', '1; a\r\n'],
  ['an extension without a value', '1;a=\r\n'],
  ['two equals signs', '1;a=b=c\r\n'],
  ['an extension without a name', '1;=b\r\n'],
  ['CR in an extension', '1;a\rb\r\n'],
  ['LF in an extension', '1;a\n'],
  ['CR in a quoted value', '1;a="\r\n"\r\n'],
  ['LF in a quoted value', '1;a="\n"\r\n'],
  ['LF after a backslash', '1;a="\\\n"\r\n'],
  ['something after a quoted value', '1;a="b"c\r\n'],
  ['an extension that is too long', `1;${'a'.repeat(255)}`],
  ['a quoted extension that is too long', `1;a="${'b'.repeat(252)}`],
  ['too many octets of extensions', `1;${'a'.repeat(253)}\r\nx\r\n`.repeat(65)],
  ['a trailer with a blank before its colon', '0\r\nA : b\r\n\r\n'],
  ['a trailer line folded', '0\r\nA: b\r\n c\r\n\r\n'],
  ['a trailer without colon', '0\r\nA\r\n\r\n'],
  ['LF alone in trailers', '0\r\nA: b\n'],
  ['CR alone in trailers', '0\r\nA: b\rC: d\r\n\r\n'],
  ['CR before a trailer', '0\r\n\rA: b\r\n\r\n'],
  ['a NUL in a trailer', '0\r\nA: \0\r\n\r\n'],
  ['trailers that are too large', `0\r\nA: ${'b'.repeat(16 * 1024)}`],
  ['a trailer field too many', `0\r\n${'A: b\r\n'.repeat(65)}\r\n`],
]

suite('ChunkedDecoder', () => {
  for (const [text, body] of read)
    test(`reads ${JSON.stringify(text.slice(0, 60))} however it is cut`, () => {
      const whole = decode(`${text}GET /`)
      assert.deepEqual(whole, { end: 'done', body, trailers: '', dropped: [], left: 5 })
      assert.deepEqual(decode(`${text}GET /`, everywhere), whole)
      for (let cut = 1; cut < text.length; cut++) {
        assert.deepEqual(decode(`${text}GET /`, [cut]), whole)
        assert.equal(decode(text.slice(0, cut)).end, 'more')
      }
    })

  for (const [what, text] of refused)
    test(`refuses ${what}, at once and however it is cut`, () => {
      assert.equal(decode(`${text}${last}`).end, 'faulty')
      assert.equal(decode(text).end, 'faulty')
      assert.equal(decode(text, everywhere).end, 'faulty')
    })

  test('takes nothing more after a fault', () => {
    assert.equal(decode(`x${last}`).left, last.length)
  })

  test('counts extensions over the whole body', () => {
    const chunk = `1;${'a'.repeat(253)}\r\nx\r\n`
    assert.equal(decode(`${chunk.repeat(64)}${last}`).end, 'done')
  })

  test('stops before a large chunk when the taker has enough, and goes on', () => {
    const decoder = new ChunkedDecoder()
    const [large, larger] = ['x'.repeat(2_000), 'y'.repeat(3_000)]
    const bytes = Buffer.from(`2\r\nab\r\n7d0\r\n${large}\r\nbb8\r\n${larger}\r\n${last}`)
    const bodies: string[] = []
    const takeOne = (octets: Buffer, start: number, end: number): boolean => {
      bodies.push(octets.toString('latin1', start, end))
      return false
    }
    const first = decoder.take(bytes, 0, bytes.length, takeOne)
    assert.deepEqual([bodies, first, decoder.done], [['ab'], 12, false])
    const second = decoder.take(bytes, first, bytes.length, takeOne)
    assert.deepEqual(bodies, ['ab', large])
    assert.equal(decoder.take(bytes, second, bytes.length, takeOne), bytes.length)
    assert.deepEqual([bodies, decoder.done], [['ab', large, larger], true])
  })

  test('hands on small chunks together, and leaves alone what it handed on before', () => {
    const decoder = new ChunkedDecoder()
    const large = 'x'.repeat(2_000)
    const bytes = Buffer.from(`7d0\r\n${large}\r\n1\r\na\r\n2;n=v\r\nbc\r\n3\r\ndef\r\n${last}`)
    const runs: Buffer[] = []
    decoder.take(bytes, 0, bytes.length, (octets, start, end) => {
      runs.push(octets.subarray(start, end))
      return true
    })
    assert.deepEqual(runs.map(String), [`${large}abcdef`])
    assert.ok(decoder.done)
  })

  test('reset() makes it ready for another body', () => {
    const decoder = new ChunkedDecoder()
    for (const text of ['x', '1;a=b\r\nx\r\n0\r\nA: b\r\nHost: c\r\n\r\n', '5', '1\r', '0\r\nA: b']) {
      decoder.reset()
      const bytes = Buffer.from(text)
      decoder.take(bytes, 0, bytes.length, () => true)
    }
    decoder.reset()
    const bytes = Buffer.from(last)
    assert.equal(
      decoder.take(bytes, 0, bytes.length, () => assert.fail()),
      bytes.length,
    )
    assert.deepEqual([decoder.done, decoder.trailers, decoder.droppedTrailers], [true, '', []])
  })
})

suite('ChunkedDecoder: trailers', () => {
  test('pass as they are written, however they are cut', () => {
    const text = '0;a\r\nExpires-At: 1\r\nx-checksum:abc \r\nExpires-At: 2\r\n\r\n'
    const trailers = 'Expires-At: 1\r\nx-checksum: abc\r\nExpires-At: 2\r\n'
    const whole: Decoded = { end: 'done', body: '', trailers, dropped: [], left: 5 }
    assert.deepEqual(decode(`${text}GET /`), whole)
    for (let cut = 1; cut < text.length; cut++) assert.deepEqual(decode(`${text}GET /`, [cut]), whole)
  })

  const never: [name: string, reason: string][] = [
    ['Content-Length', 'framing'],
    ['Transfer-Encoding', 'hop-by-hop'],
    ['Host', 'framing'],
    ['Expect', 'framing'],
    ['Authorization', 'framing'],
    ['Cookie', 'framing'],
    ['Set-Cookie', 'framing'],
    ['Content-Type', 'framing'],
    ['Range', 'framing'],
    ['Cache-Control', 'framing'],
    ['Connection', 'hop-by-hop'],
    ['Keep-Alive', 'hop-by-hop'],
    ['TE', 'hop-by-hop'],
    ['Trailer', 'hop-by-hop'],
    ['Upgrade', 'hop-by-hop'],
    ['Proxy-Authorization', 'hop-by-hop'],
    ['Forwarded', 'managed'],
    ['X-Forwarded-For', 'managed'],
    ['X-Real-IP', 'managed'],
    ['X-Request-ID', 'managed'],
    ['X-Lintel-Hops', 'managed'],
    ['Ssl-Client-Verify', 'managed'],
    ['X_Real_IP', 'alias'],
    ['X.Real.IP', 'alias'],
    ['Content_Length', 'alias'],
    ['Set_Cookie', 'underscore'],
    ['Content.Type', 'framing'],
    ['A_B', 'underscore'],
  ]
  for (const [name, reason] of never)
    test(`${name} does not pass, in any case`, () => {
      for (const spelled of [name, name.toLowerCase(), name.toUpperCase()]) {
        const { end, trailers, dropped } = decode(`0\r\nA: b\r\n${spelled}: 5\r\nC: d\r\n\r\n`)
        assert.deepEqual([end, trailers, dropped], ['done', 'A: b\r\nC: d\r\n', [`${spelled}: ${reason}`]])
      }
    })

  test('as many and as large as allowed', () => {
    assert.equal(decode(`0\r\n${'A: b\r\n'.repeat(64)}\r\n`).end, 'done')
    assert.equal(decode(`0\r\nA: ${'b'.repeat(16 * 1024 - 7)}\r\n\r\n`).end, 'done')
  })
})

suite('chunks printed', () => {
  test('are read again as the same body', () => {
    const chunks = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }), { maxLength: 6 })
    const cuts = fc.array(fc.nat({ max: 300 })).map((list) => list.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(chunks, cuts, (parts, cut) => {
        const bytes = parts.map((part) => Buffer.from(part, 'latin1'))
        const text = bytes.map((part) => printChunk(part, 0, part.length)).join('') + printLastChunk('A: b\r\n')
        const { end, body, trailers, left } = decode(text, cut)
        assert.deepEqual([end, body, trailers, left], ['done', parts.join(''), 'A: b\r\n', 0])
      }),
      { seed: 20_261_124 },
    )
  })

  test('have a size in hexadecimal', () => {
    assert.equal(printChunkHead(255), 'ff\r\n')
    assert.equal(printLastChunk(''), last)
  })
})

suite('ChunkedDecoder: whatever comes', () => {
  const alphabet = fc.constantFrom(
    ...Array.from('0019afAF;="\\ \t\r\n:\0x'),
    '\r\n',
    '\r\n\r\n',
    '5\r\nhello\r\n',
    last,
    'A: b\r\n',
  )

  test('does not throw, and the cuts make no difference', () => {
    const cuts = fc.array(fc.nat({ max: 100 })).map((list) => list.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 40 }), cuts, (parts, cut) => {
        const text = parts.join('')
        assert.deepEqual(decode(text, cut), decode(text))
      }),
      { numRuns: 2_000, seed: 20_261_124 },
    )
  })
})
