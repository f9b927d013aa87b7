import assert from 'node:assert/strict'

import { ChunkedDecoder, fieldsOf, printChunk, printLastChunk } from '../../src/http/index.ts'
import type { Campaign } from './campaign.ts'
import { chunkPieces, fieldPieces } from './dictionary.ts'
import { cutsOf } from './random.ts'

interface Decoded {
  readonly body: string
  readonly trailers: string
  readonly dropped: readonly string[]
  /** How many octets were taken. */
  readonly taken: number
  readonly state: 'done' | 'faulty' | 'open'
}

const corpus: readonly string[] = [
  '5\r\nhello\r\n0\r\n\r\n',
  '1\r\na\r\nA\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1',
  '5;a=b;c="d\\"e";f\r\nhello\r\n0;g=h\r\nX-A: b\r\nx-b:\tc \r\n\r\n',
  '00000\r\nX-A: b\r\nHost: b.test\r\nContent-Length: 3\r\nX_Real_IP: a\r\n\r\n',
]

/** `patient`: the receiver takes all; else it stops after each run of octets, as one does that has to wait. */
function decode(input: Buffer, cuts: readonly number[], patient: boolean): Decoded {
  // A copy, since octets of small chunks are moved together where they stand.
  const bytes = Buffer.from(input)
  const decoder = new ChunkedDecoder()
  let body = ''
  let at = 0
  const take = (octets: Buffer, start: number, end: number): boolean => {
    body += octets.toString('latin1', start, end)
    return patient
  }
  for (const to of [...cuts, bytes.length])
    while (at < to && !decoder.done && !decoder.faulty) at = decoder.take(bytes, at, to, take)
  const state = decoder.done ? 'done' : decoder.faulty ? 'faulty' : 'open'
  return {
    body,
    trailers: decoder.trailers,
    dropped: decoder.droppedTrailers.map(({ name }) => name),
    taken: at,
    state,
  }
}

function check(input: string): string {
  const bytes = Buffer.from(input, 'latin1')
  const whole = decode(bytes, [], true)
  assert.deepEqual(decode(bytes, cutsOf(input, 6), false), whole)
  assert.deepEqual(decode(bytes, [...bytes.keys()], true), whole)
  if (whole.state === 'open') assert.equal(whole.taken, bytes.length)
  if (whole.state !== 'done') return whole.state
  const body = Buffer.from(whole.body, 'latin1')
  const text = `${body.length === 0 ? '' : printChunk(body, 0, body.length)}${printLastChunk(whole.trailers)}`
  const printed = decode(Buffer.from(text, 'latin1'), [], true)
  assert.deepEqual(printed, { ...whole, dropped: [], taken: text.length })
  for (const [name] of fieldsOf(whole.trailers))
    assert.doesNotMatch(
      name,
      /^(?:host|content[^a-z0-9]length|transfer[^a-z0-9]encoding|connection|trailer|te|authorization|cookie)$/i,
    )
  return `done ${body.length > 0} ${Math.min(2, fieldsOf(whole.trailers).length)} ${Math.min(2, whole.dropped.length)}`
}

/** A chunked body has one reading however it is cut and however slowly it is taken, and what we print for it has the same. */
export const chunkedBodies: Campaign = { name: 'chunked', corpus, dictionary: [...chunkPieces, ...fieldPieces], check }
