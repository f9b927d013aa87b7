import assert from 'node:assert/strict'
import { test } from 'node:test'

import { plainClient, requestHead, tlsClient } from '../../test/support/request-head.ts'
import type { RequestHead } from '../http/index.ts'
import { chunked } from '../http/index.ts'
import { UpstreamHeadPrinter } from './upstream-head.ts'

const ports = { publicHttpPort: 8080, publicHttpsPort: 443 }

function linesOf(request: RequestHead, client = plainClient): string[] {
  const head = new UpstreamHeadPrinter(ports).print(request, client, 'id-1')
  assert.ok(head.endsWith('\r\n\r\n'))
  return head.slice(0, -4).split('\r\n')
}

test('UpstreamHeadPrinter generates the whole head: the client`s fields as written, then ours in one order', () => {
  const request = requestHead('A.test:8080', '/a%2Fb?c=d', {
    method: 'POST',
    lines: 'x-CASE: 1\r\nAccept: */*\r\n',
    bodyLength: 3,
    lengthGiven: true,
    hops: 2,
  })
  assert.deepEqual(linesOf(request), [
    'POST /a%2Fb?c=d HTTP/1.1',
    'Host: A.test:8080',
    'x-CASE: 1',
    'Accept: */*',
    'Content-Length: 3',
    'X-Request-ID: id-1',
    'X-Real-IP: 192.0.2.7',
    'X-Forwarded-For: 192.0.2.7',
    'X-Forwarded-Host: A.test:8080',
    'X-Forwarded-Port: 8080',
    'X-Forwarded-Proto: http',
    'X-Forwarded-Scheme: http',
    'X-Scheme: http',
    'X-Lintel-Hops: 3',
  ])
})

test('UpstreamHeadPrinter tells the public port and scheme of HTTPS', () => {
  const lines = linesOf(requestHead('a.test', '/'), tlsClient)
  assert.deepEqual(
    lines.filter((line) => line.includes('Port') || line.includes('Scheme') || line.includes('Proto')),
    ['X-Forwarded-Port: 443', 'X-Forwarded-Proto: https', 'X-Forwarded-Scheme: https', 'X-Scheme: https'],
  )
})

function framing(more: Partial<RequestHead>): string[] {
  return linesOf(requestHead('a.test', '/', more)).filter((line) => /^(content-length|transfer-encoding)/i.test(line))
}

test('UpstreamHeadPrinter frames by the length alone', () => {
  assert.deepEqual(framing({}), [])
  assert.deepEqual(framing({ lengthGiven: true }), ['Content-Length: 0'])
  assert.deepEqual(framing({ bodyLength: 5, lengthGiven: true }), ['Content-Length: 5'])
  assert.deepEqual(framing({ bodyLength: chunked }), ['Transfer-Encoding: chunked'])
})

function last(more: Partial<RequestHead>): string[] {
  return linesOf(requestHead('a.test', '/', more)).slice(-2)
}

test('UpstreamHeadPrinter says which fields concern the connection', () => {
  assert.deepEqual(last({ websocket: true, acceptsTrailers: true }), ['Connection: upgrade', 'Upgrade: websocket'])
  assert.deepEqual(last({ acceptsTrailers: true }), ['Connection: TE', 'TE: trailers'])
  assert.deepEqual(last({}), ['X-Scheme: http', 'X-Lintel-Hops: 1'])
})

test('UpstreamHeadPrinter sends an empty Host for a client of HTTP/1.0 that named none (RFC 9112 3.2)', () => {
  const lines = linesOf(requestHead('-', '/'))
  assert.equal(lines[0], 'GET / HTTP/1.1')
  assert.equal(lines[1], 'Host: ')
})

test('UpstreamHeadPrinter keeps OPTIONS * as it is', () => {
  assert.equal(linesOf(requestHead('a.test', '*', { method: 'OPTIONS' }))[0], 'OPTIONS * HTTP/1.1')
})

test('UpstreamHeadPrinter remembers a client, and not the host that it asked for before', () => {
  const heads = new UpstreamHeadPrinter(ports)
  const hostsIn = (host: string): string[] =>
    [...heads.print(requestHead(host, '/'), plainClient, 'id').matchAll(/^(?:X-Forwarded-)?Host: (.*)\r$/gm)].map(
      ([, name]) => name ?? '',
    )
  for (const host of ['a.test', 'a.test', 'b.test', 'a.test']) assert.deepEqual(hostsIn(host), [host, host])
})
