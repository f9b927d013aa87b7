import { isIPv4, isIPv6 } from 'node:net'

import { normalAddress } from '../base/index.ts'

/** What a header of the PROXY protocol says. */
export interface ProxyHeader {
  /** Of the client, as the same client would stand here without a balancer; undefined: whoever connected speaks for itself (`LOCAL`, `UNKNOWN`, or no address of the internet). */
  readonly address: string | undefined
  /** How many octets the header has. */
  readonly length: number
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const longestV1 = 107
/** Addresses and what else a balancer tells about the connection. */
const longestV2 = 4 * 1024
const v2Prefix = 16
const local = 0x20
const proxied = 0x21
const tcp4 = 0x11
const tcp6 = 0x21
const highestPort = 65_535
const unknownLine = /^PROXY UNKNOWN(?: [^\r]*)?\r\n$/
const v1Line = /^PROXY (TCP4|TCP6) (\S+) (\S+) (\d{1,5}) (\d{1,5})\r\n$/

/**
 * Reads the header that a balancer sends before anything else (PROXY protocol, versions 1 and 2). Answers `more` while
 * it is not whole, and `invalid` as soon as it cannot become one.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader | 'more' | 'invalid' {
  const common = Math.min(bytes.length, signature.length)
  if (bytes.subarray(0, common).equals(signature.subarray(0, common)))
    return bytes.length < v2Prefix ? 'more' : readV2(bytes)
  return readV1(bytes)
}

function readV1(bytes: Buffer): ProxyHeader | 'more' | 'invalid' {
  const end = bytes.subarray(0, longestV1).indexOf('\n') + 1
  if (end === 0) return isBeginning(bytes) ? 'more' : 'invalid'
  const text = bytes.toString('latin1', 0, end)
  if (unknownLine.test(text)) return { address: undefined, length: end }
  const [, family, source = '', target = '', ...ports] = v1Line.exec(text) ?? []
  const isAddress = family === 'TCP4' ? isIPv4 : isGlobalIPv6
  const isValid = isAddress(source) && isAddress(target) && ports.every((port) => Number(port) <= highestPort)
  return isValid ? { address: normalAddress(source), length: end } : 'invalid'
}

/** A zone is known to one machine alone. */
function isGlobalIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

function isBeginning(bytes: Buffer): boolean {
  return bytes.length < longestV1 && 'PROXY '.startsWith(bytes.toString('latin1', 0, Math.min(bytes.length, 6)))
}

function readV2(bytes: Buffer): ProxyHeader | 'more' | 'invalid' {
  const [command, family] = [bytes[12] ?? 0, bytes[13] ?? 0]
  const length = v2Prefix + bytes.readUInt16BE(14)
  if ((command !== local && command !== proxied) || length > longestV2) return 'invalid'
  if (bytes.length < length) return 'more'
  if (command === local) return { address: undefined, length }
  const size = addressLength(family)
  if (length < v2Prefix + 2 * size + (size === 0 ? 0 : 4)) return 'invalid'
  return { address: printAddress(bytes.subarray(v2Prefix, v2Prefix + size)), length }
}

/** Other families say nothing about an address of the internet. */
function addressLength(family: number): 0 | 4 | 16 {
  if (family === tcp4) return 4
  return family === tcp6 ? 16 : 0
}

function printAddress(octets: Buffer): string | undefined {
  if (octets.length === 0) return undefined
  if (octets.length === 4) return octets.join('.')
  return normalAddress(Array.from({ length: 8 }, (_, at) => octets.readUInt16BE(2 * at).toString(16)).join(':'))
}
