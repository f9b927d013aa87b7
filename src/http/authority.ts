import type { Authority } from './message.ts'
import { allCharsOf, digit, hostName, latin1 } from './octets.ts'

const longestName = 255
const highestPort = 65_535

/**
 * Reads `host` or `host:port` strictly (RFC 3986 3.2.2): a name of letters, digits, `-`, `.`, `_`, `~`, or an IPv6
 * address in brackets. No userinfo, no percent codes, no empty port. The empty text is the empty host, which HTTP/1.1
 * allows (RFC 9112 3.2). Answers undefined if it is anything else.
 */
export function readAuthority(text: string): Authority | undefined {
  const split = portColon(text)
  const host = split < 0 ? text : text.slice(0, split)
  const port = split < 0 ? undefined : readPort(text.slice(split + 1))
  if ((split >= 0 && (port === undefined || host === '')) || host.length > longestName) return undefined
  if (host.startsWith('[')) {
    if (!host.endsWith(']') || !isIPv6(host.slice(1, -1))) return undefined
    return { name: host.toLowerCase(), port, text }
  }
  if (!allCharsOf(host, hostName)) return undefined
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  return { name: name.toLowerCase(), port, text }
}

/** A power of two. */
const places = 256

/**
 * Reads authorities, and remembers the last ones, since clients ask for few hosts again and again. Each has one place, by
 * the hash of its octets: no text is made of octets that are known, and no choice of hosts costs more than reading them.
 */
export class AuthorityCache {
  readonly #places: (Authority | undefined)[] = Array.from({ length: places })

  read(bytes: Buffer, start: number, end: number): Authority | undefined {
    let hash = 0
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
    const place = hash & (places - 1)
    const known = this.#places[place]
    if (known !== undefined && isText(bytes, start, end, known.text)) return known
    const authority = readAuthority(latin1(bytes, start, end))
    if (authority !== undefined) this.#places[place] = authority
    return authority
  }
}

function isText(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text.charCodeAt(at)) return false
  return true
}

/** The colon before a port: not one inside brackets. */
function portColon(text: string): number {
  const colon = text.lastIndexOf(':')
  return colon > text.lastIndexOf(']') ? colon : -1
}

function readPort(text: string): number | undefined {
  if (text === '' || text.length > 5 || !allCharsOf(text, digit)) return undefined
  const port = Number(text)
  return port <= highestPort ? port : undefined
}

/** RFC 4291 2.2, without zone. */
function isIPv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2 || text.length > 45) return false
  const [left = 0, right = 0] = halves.map(groupsIn)
  if (Number.isNaN(left + right)) return false
  return halves.length === 2 ? left + right < 8 : left === 8
}

/** How many 16-bit groups a part has; NaN if it is malformed. */
function groupsIn(part: string, index: number, parts: readonly string[]): number {
  if (part === '') return parts.length === 2 ? 0 : Number.NaN
  const groups = part.split(':')
  const last = groups.at(-1) ?? ''
  const tail = index === parts.length - 1 && last.includes('.')
  if (tail && !isIPv4(last)) return Number.NaN
  const plain = tail ? groups.slice(0, -1) : groups
  return plain.every((group) => /^[\da-f]{1,4}$/i.test(group)) ? plain.length + (tail ? 2 : 0) : Number.NaN
}

function isIPv4(text: string): boolean {
  return /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/.test(text)
}
