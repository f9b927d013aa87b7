const slash = 0x2f
const dot = 0x2e
const hex = /%[\da-f]{2}/gi
const unreserved = /[\w.~-]/
/** Octets that stand for themselves in a path: unreserved, sub-delims, `:`, `@`, `/`, `%` (RFC 3986 3.3); and `\`, which clients send raw. */
const raw = /[^\w.~!$&'()*+,;=:@/%\\-]/g

/** What stands for itself wherever it stands: the octets above but `%`, `\`, `;`, and the slash, which counts by what follows. */
const simple = Uint8Array.from({ length: 128 }, (_, octet) =>
  Number(/[\w.~!$&'()*+,=:@-]/.test(String.fromCodePoint(octet))),
)

/** Whether a path has one reading and is in normal form as it stands, as nearly all are. */
export function isNormal(path: string): boolean {
  for (let at = 0; at < path.length; at++) {
    const char = path.charCodeAt(at)
    if (simple[char] === 1) continue
    if (char !== slash) return false
    const next = path.charCodeAt(at + 1)
    if (next === slash || next === dot) return false
  }
  return true
}

/**
 * The form in which paths are compared: codes of unreserved octets decoded, other codes in upper case, octets that may
 * not stand raw encoded (RFC 3986 6.2.2). `path` has one char an octet. Never changes what a path means.
 */
export function normalPath(path: string): string {
  const encoded = path.replace(raw, percentCode)
  return encoded.includes('%') ? encoded.replace(hex, normalCode) : encoded
}

/**
 * The same for a rule's path, which is text: its characters count as their UTF-8 octets. `?` and `#` end a path, so a
 * rule with one can never match: they stay raw, as they stand in no request path.
 */
export function normalRulePath(path: string): string {
  return Buffer.from(path)
    .toString('latin1')
    .replaceAll(/[^?#]+/g, normalPath)
}

function normalCode(code: string): string {
  const char = String.fromCodePoint(Number.parseInt(code.slice(1), 16))
  return unreserved.test(char) ? char : code.toUpperCase()
}

function percentCode(char: string): string {
  return `%${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`
}
