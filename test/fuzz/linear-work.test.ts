import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { ChunkedDecoder, HeadEnd, RequestScanner, ResponseScanner } from '../../src/http/index.ts'
import { RouterBuilder } from '../../src/route/index.ts'
import { requestHead } from '../support/request-head.ts'
import { defaultRoute, hostTable, routeTable } from '../support/route-table.ts'

const mebi = 1024 * 1024
const longPath = 256 * 1024
const roomy = { requestLine: 64 * mebi, head: 64 * mebi, fields: mebi }

/**
 * Work that grows with the square of the input would take hours here; the limit ends that and measures nothing. Inputs
 * are far beyond what limits let through, so that a factor does not hide it.
 */
suite('work grows with the input, not with its square', { timeout: 60_000 }, () => {
  test('a head that comes octet by octet', () => {
    const bytes = Buffer.from(`GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(mebi / 4)}\r\n`)
    const headEnd = new HeadEnd(roomy)
    for (let at = 0; at < bytes.length - 1; at++) assert.equal(headEnd.find(bytes, at, at + 1), 0)
    assert.equal(headEnd.find(bytes, bytes.length - 1, bytes.length), bytes.length)
  })

  test('a request head of fields that are printed anew, dropped, or nominated', () => {
    const count = mebi / 16
    const names = Array.from({ length: count }, (_, at) => `n${at}`)
    const lines = [`Connection: ${names.join(',')}`, ...names.map((name) => `${name}:a`), ...names.map(() => 'X_A: b')]
    const bytes = Buffer.from(`GET /${'a'.repeat(mebi)} HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n`)
    const scanner = new RequestScanner(roomy)
    assert.equal(scanner.scan(bytes, 0, bytes.length), bytes.length)
    assert.equal(scanner.head.lines, '')
    assert.equal(scanner.head.dropped.length, 1 + 2 * count)
  })

  test('lists of commas, blanks around values', () => {
    const lines = [
      `Connection: ${','.repeat(mebi)}`,
      `TE: ${', '.repeat(mebi)}`,
      `X-A: ${' '.repeat(mebi)}b${' '.repeat(mebi)}`,
    ]
    const bytes = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n`)
    const scanner = new RequestScanner(roomy)
    assert.equal(scanner.scan(bytes, 0, bytes.length), bytes.length)
  })

  test('an answer head with a long phrase and a long Keep-Alive', () => {
    const bytes = Buffer.from(
      `HTTP/1.1 200 ${'a'.repeat(mebi)}\r\nKeep-Alive: ${'timeout= ,'.repeat(mebi)}\r\nContent-Length: 0\r\n\r\n`,
    )
    const scanner = new ResponseScanner(roomy)
    assert.equal(scanner.scan(bytes, 0, bytes.length, 'GET'), bytes.length)
  })

  test('a chunked body of one-octet chunks that comes octet by octet', () => {
    const bytes = Buffer.from(`${'1\r\na\r\n'.repeat(mebi)}0\r\n${'A: b\r\n'.repeat(64)}\r\n`)
    const decoder = new ChunkedDecoder()
    let octets = 0
    for (let at = 0; at < bytes.length; at++)
      decoder.take(bytes, at, at + 1, (_, start, end) => {
        octets += end - start
        return true
      })
    assert.ok(decoder.done)
    assert.equal(octets, mebi)
  })

  for (const piece of ['/%2e%2e', '/..;', '//', '/%252525', '/./', ';', '\\..', '/a', '%'])
    test(`a long path of ${piece}`, () => {
      const rules = [{ type: 'Prefix', path: '/a/a', to: 'one' }] as const
      const router = new RouterBuilder().build(routeTable([hostTable('a.test', rules)], defaultRoute('two')))
      const path = `/${piece.repeat(longPath / piece.length)}`
      assert.ok(router.decide(requestHead('a.test', path)))
    })
})
