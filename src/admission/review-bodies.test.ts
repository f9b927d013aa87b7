import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { suite, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { largestBody, ReviewBodies } from './review-bodies.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const mebibyte = 1024 * 1024

/** A request whose body is pushed by the test. */
function open(): IncomingMessage {
  return new IncomingMessage(new Socket())
}

function whole(text: string | Buffer): IncomingMessage {
  const request = open()
  request.push(text)
  request.push(null)
  return request
}

async function statusOf(read: ReturnType<ReviewBodies['read']>): Promise<number> {
  const body = await read
  assert.ok(body)
  return 'status' in body ? body.status : 200
}

suite('ReviewBodies', () => {
  test('puts a text together of parts that end within a character', async () => {
    const bytes = Buffer.from('{"é": "🦀"}')
    const request = open()
    const read = new ReviewBodies().read(request)
    for (const byte of bytes) request.push(Buffer.from([byte]))
    request.push(null)
    const body = await read
    assert.equal(body && 'text' in body && body.text, bytes.toString())
  })

  test('refuses what is not UTF-8, and what is too large by an octet', async () => {
    const bodies = new ReviewBodies()
    assert.equal(await statusOf(bodies.read(whole(Buffer.from([0x22, 0xff])))), 400)
    assert.equal(await statusOf(bodies.read(whole(Buffer.alloc(largestBody, ' ')))), 200)
    assert.equal(await statusOf(bodies.read(whole(Buffer.alloc(largestBody + 1, ' ')))), 413)
  })

  test('holds a body until it is released, and refuses what does not fit beside those that are held', async () => {
    const bodies = new ReviewBodies()
    const large = Buffer.alloc(largestBody, ' ')
    const held = await Promise.all(Array.from({ length: 4 }, () => bodies.read(whole(large))))
    assert.equal(await statusOf(bodies.read(whole('{}'))), 503)
    for (const body of held) if (body && 'release' in body) body.release()
    assert.equal(await statusOf(bodies.read(whole(large))), 200)
  })

  test('one that comes slowly gives way to one that comes whole', async () => {
    const bodies = new ReviewBodies()
    const slow = Array.from({ length: 4 }, open)
    const reads = slow.map((request) => bodies.read(request))
    for (const request of slow) request.push(Buffer.alloc(largestBody, ' '))
    assert.equal(await statusOf(bodies.read(whole('{}'))), 200)
    assert.equal(await statusOf(reads[0] ?? assert.fail('none')), 503)
    for (const request of slow.slice(1)) request.push(null)
    for (const status of await Promise.all(reads.slice(1).map(statusOf))) assert.equal(status, 200)
  })

  test('is free again of a body whose client is gone', async () => {
    const bodies = new ReviewBodies()
    for (let round = 0; round < 8; round++) {
      const request = open()
      const read = bodies.read(request)
      request.push(Buffer.alloc(2 * mebibyte, ' '))
      request.destroy()
      assert.equal(await read, undefined)
    }
    assert.equal(await statusOf(bodies.read(whole('{}'))), 200)
  })

  test('holds no more for an octet at a time than for all at once', async () => {
    const request = open()
    const read = new ReviewBodies().read(request)
    collect()
    const before = process.memoryUsage()
    const space = Buffer.from(' ')
    for (let at = 0; at < mebibyte / 2; at++) request.push(space.subarray())
    await new Promise(setImmediate)
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    const held = heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers
    assert.ok(held < 8 * mebibyte, `${held} octets are held`)
    request.push(null)
    assert.equal(await statusOf(read), 200)
  })
})
