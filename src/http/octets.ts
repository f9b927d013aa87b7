/** Classes of octets (RFC 9110 5.6.2, 5.5; RFC 3986 2). One table, one bit a class. */
export const token = 1
export const value = 2
export const target = 4
export const digit = 8
/** Letters, digits and the hyphen: what a field name consists of that needs no second look. */
export const plainName = 16
export const hostName = 32

const visible = (octet: number): boolean => octet > 0x20 && octet < 0x7f

function classesOf(octet: number): number {
  const char = String.fromCodePoint(octet)
  return (
    (/[!#$%&'*+.^_`|~\dA-Za-z-]/.test(char) ? token : 0) |
    (octet === 9 || octet === 0x20 || visible(octet) || octet > 0x7f ? value : 0) |
    (visible(octet) && char !== '#' ? target : 0) |
    (/\d/.test(char) ? digit : 0) |
    (/[\dA-Za-z-]/.test(char) ? plainName : 0) |
    (/[\w.~-]/.test(char) ? hostName : 0)
  )
}

export const classes: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) => classesOf(octet))

export const cr = 13
export const lf = 10
export const space = 0x20
export const tab = 9
export const colon = 0x3a

/**
 * Puts a NUL behind octets that are to be scanned. It is of no class, so no loop over one runs into what an earlier read
 * left in the buffer, and none has to ask at each octet whether it was the last. Answers what has to be put back.
 */
export function fence(bytes: Buffer, end: number): number {
  const behind = bytes[end] ?? 0
  bytes[end] = 0
  return behind
}

/** Whether all octets are of the class. An empty range is. */
export function allOf(bytes: Buffer, start: number, end: number, kind: number): boolean {
  for (let at = start; at < end; at++) if (((classes[bytes[at] ?? 0] ?? 0) & kind) === 0) return false
  return true
}

/** The same for text, a char an octet. */
export function allCharsOf(text: string, kind: number): boolean {
  for (let at = 0; at < text.length; at++) {
    const octet = text.charCodeAt(at)
    if (octet > 0xff || ((classes[octet] ?? 0) & kind) === 0) return false
  }
  return true
}

/** Whether these very octets stand at an index. */
export function standsAt(bytes: Buffer, start: number, octets: Buffer): boolean {
  for (let at = 0; at < octets.length; at++) if (bytes[start + at] !== octets[at]) return false
  return true
}

/** One char an octet. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end)
}
