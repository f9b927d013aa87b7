import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readProxyHeader } from './proxy-protocol.ts'

const signature = '\r\n\r\n\0\r\nQUIT\n'
const read = (text: string): ReturnType<typeof readProxyHeader> => readProxyHeader(Buffer.from(text, 'latin1'))

function v2(command: number, family: number, body: string, length = body.length): string {
  return `${signature}${String.fromCharCode(command, family, length >> 8, length & 0xff)}${body}`
}

const four = '\u{C0}\0\u{2}\u{1}\u{A}\0\0\u{1}\u{1F}\u{90}\0P'
const six = `\u{20}\u{1}\r\u{B8}${'\0'.repeat(11)}\u{1}${'\0'.repeat(15)}\u{1}\u{1F}\u{90}\0P`
const mapped = `${'\0'.repeat(10)}\u{FF}\u{FF}\u{C0}\0\u{2}\u{1}${'\0'.repeat(10)}\u{FF}\u{FF}\u{A}\0\0\u{1}\u{1F}\u{90}\0P`

describe('readProxyHeader()', () => {
  const good: [name: string, header: string, address: string | undefined][] = [
    ['version 1, IPv4', 'PROXY TCP4 192.0.2.1 10.0.0.1 56324 443\r\n', '192.0.2.1'],
    ['version 1, IPv6', 'PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n', '2001:db8::1'],
    ['version 1, IPv6 at length', 'PROXY TCP6 2001:0DB8:0:0:0:0:0:1 2001:db8::2 56324 443\r\n', '2001:db8::1'],
    ['version 1, IPv4 in IPv6', 'PROXY TCP6 ::ffff:192.0.2.1 ::ffff:10.0.0.1 56324 443\r\n', '192.0.2.1'],
    ['version 1, unknown', 'PROXY UNKNOWN\r\n', undefined],
    ['version 1, unknown with words', 'PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n', undefined],
    ['version 2, IPv4', v2(0x21, 0x11, four), '192.0.2.1'],
    ['version 2, IPv4 with more to tell', v2(0x21, 0x11, `${four}\u{4}\0\u{3}abc`), '192.0.2.1'],
    ['version 2, IPv6', v2(0x21, 0x21, six), '2001:db8::1'],
    ['version 2, IPv4 in IPv6', v2(0x21, 0x21, mapped), '192.0.2.1'],
    ['version 2, local', v2(0x20, 0x00, ''), undefined],
    ['version 2, local with an address', v2(0x20, 0x11, four), undefined],
    ['version 2, no address of the internet', v2(0x21, 0x31, 'x'.repeat(216)), undefined],
    ['version 2, unspecified', v2(0x21, 0x00, ''), undefined],
  ]
  for (const [name, header, address] of good)
    it(`reads ${name}, and not a byte more`, () => {
      for (let cut = 0; cut < header.length; cut++) assert.equal(read(header.slice(0, cut)), 'more', `cut at ${cut}`)
      assert.deepEqual(read(`${header}GET / HTTP/1.1\r\n`), { address, length: header.length })
    })

  const bad: [name: string, header: string][] = [
    ['a request', 'GET / HTTP/1.1\r\n'],
    ['a handshake', '\u{16}\u{3}\u{1}'],
    ['lower case', 'proxy TCP4 192.0.2.1 10.0.0.1 1 2\r\n'],
    ['a line end without CR', 'PROXY TCP4 192.0.2.1 10.0.0.1 1 2\n'],
    ['two spaces', 'PROXY TCP4  192.0.2.1 10.0.0.1 1 2\r\n'],
    ['an address of the other family', 'PROXY TCP4 2001:db8::1 10.0.0.1 1 2\r\n'],
    ['an address with a zone', 'PROXY TCP6 fe80::1%eth0 2001:db8::2 1 2\r\n'],
    ['no address', 'PROXY TCP4 192.0.2.256 10.0.0.1 1 2\r\n'],
    ['no address of the target', 'PROXY TCP4 192.0.2.1 10.0.0.256 1 2\r\n'],
    ['a target of the other family', 'PROXY TCP6 2001:db8::1 10.0.0.1 1 2\r\n'],
    ['a port too high', 'PROXY TCP4 192.0.2.1 10.0.0.1 1 65536\r\n'],
    ['a port too few', 'PROXY TCP4 192.0.2.1 10.0.0.1 1\r\n'],
    ['a protocol that is not TCP', 'PROXY UDP4 192.0.2.1 10.0.0.1 1 2\r\n'],
    ['a line that does not end', `PROXY UNKNOWN ${'x'.repeat(100)}`],
    ['version 2, another command', v2(0x22, 0x11, four)],
    ['version 2 of another version', v2(0x31, 0x11, four)],
    ['version 2, shorter than its address', v2(0x21, 0x11, four.slice(1))],
    ['version 2, longer than anybody means', v2(0x21, 0x11, '', 0xffff)],
    ['a signature that is cut short', '\r\n\r\n\0\r\nQUIX'],
  ]
  for (const [name, header] of bad)
    it(`refuses ${name}`, () => {
      assert.equal(read(header), 'invalid')
    })
})
