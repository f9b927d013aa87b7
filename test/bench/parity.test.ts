import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startNginx, startResponder } from './backend.ts'
import type { Backend } from './backend.ts'
import { floor } from './candidates/floor.ts'
import { lintel } from './candidates/lintel.ts'
import { nginx } from './candidates/nginx.ts'
import { reasonAgainstNative } from './native-programs.ts'
import { differences, observeJob } from './parity.ts'
import type { Facts } from './parity.ts'
import { makeSite } from './site.ts'

const skip = reasonAgainstNative() ?? nginx.missing() ?? false

async function jobOf(candidate: typeof lintel, backend: Backend): Promise<Facts> {
  const site = await makeSite({ hosts: 2 }, backend.port)
  const running = await candidate.start(site)
  try {
    return await observeJob(candidate, running, site)
  } finally {
    await running.stop()
    site.remove()
  }
}

test('Lintel does the same job as nginx, on either back end; the floor passes on the same', { skip }, async (t) => {
  const responder = await startResponder()
  t.after(() => responder.stop())
  const wanted = await jobOf(nginx, responder)
  assert.match(wanted.get('https /1024/check') ?? '', /200 1024 \w+ kept .* TLS_AES_128_GCM_SHA256 X25519 prime256v1/)
  assert.equal(wanted.get('http connection upstream'), 'kept, reused')
  assert.deepEqual(differences(wanted, await jobOf(lintel, responder)), [])
  const passed = await jobOf(floor, responder)
  assert.equal(passed.size, 4)
  assert.deepEqual(differences(wanted, passed), [])
  const files = await startNginx()
  t.after(() => files.stop())
  assert.deepEqual(differences(wanted, await jobOf(lintel, files)), [])
})

test('differences() tells what was seen otherwise, of all that both were asked', () => {
  const [one, other] = [
    new Map([
      ['http /', '200'],
      ['https /', 'X25519'],
    ]),
    new Map([
      ['https /', 'P-256'],
      ['http /more', '404'],
    ]),
  ]
  assert.deepEqual(differences(one, other), ['https /: P-256, not X25519'])
})
