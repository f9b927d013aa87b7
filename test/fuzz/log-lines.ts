import assert from 'node:assert/strict'

import type { AccessEntry } from '../../src/model/index.ts'
import { AccessLogWriter } from '../../src/serve/index.ts'
import type { Campaign } from './campaign.ts'
import { requestPieces } from './dictionary.ts'

const corpus: readonly string[] = [
  'GET a.test /a?b=c',
  'POST [::1]:80 /\\u00e9"\'\u{E9}',
  'A b\t/\u{7F}\u{85}\u{A0}\n}{',
]
const wall = Date.UTC(2026, 0, 2)

async function printed(entry: AccessEntry, format: 'text' | 'json'): Promise<string> {
  let text = ''
  const writer = new AccessLogWriter(
    format,
    (piece, done) => {
      text += piece
      done()
    },
    () => wall,
  )
  writer.log(entry)
  await writer.flush()
  return text
}

async function check(input: string): Promise<string> {
  const [method = '', host = '', ...rest] = input.split(' ')
  const path = rest.join(' ')
  const entry: AccessEntry = {
    status: 200,
    method,
    host,
    path,
    bytes: input.length,
    ms: 0.5,
    requestId: path.slice(0, 9),
  }
  const json = await printed(entry, 'json')
  const text = await printed(entry, 'text')
  for (const line of [json, text]) assert.match(line, /^[ -~]*\n$/)
  assert.deepEqual(JSON.parse(json), { event: 'request', time: new Date(wall).toISOString(), ...entry })
  return /["\\]/.test(input) ? 'escaped' : 'plain'
}

/** Each entry is one line of visible ASCII, and a line of JSON reads back as the same octets. */
export const logLines: Campaign = { name: 'log-lines', corpus, dictionary: requestPieces, check }
