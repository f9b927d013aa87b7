import { normalPath } from './normal-path.ts'

const mostReadings = 64
/** Chars of all of them together: each is looked at by every step. */
const mostChars = 64 * 1024
const code = /%[\da-f]{2}/gi
const params = /;[^/]*/g
const queryOrFragment = /[?#].*/
const slashes = /\/{2,}/g
/** Among octets as chars: those that are neither visible, nor a space, nor beyond ASCII. */
const control = /[^ -~\x80-\xff]/

/** Whether a path could be read in more ways than one. All others cost nothing. */
export function isPlain(path: string): boolean {
  for (let at = 0; at < path.length; at++) {
    const char = path.charCodeAt(at)
    if (char === 0x25 || char === 0x5c || char === 0x3b) return false
    if (char !== 0x2f) continue
    const next = path.charCodeAt(at + 1)
    if (next === 0x2f || next === 0x2e) return false
  }
  return true
}

/**
 * Every plausible reading of a path, in normal form, the path as it is first: decoded, again decoded, dot segments
 * removed, `//` merged, `\` as `/`, `;params` cut, cut at a `?` or `#` that was encoded, each applied to each until none is new. Undefined where no reading
 * can be right: a decoded control octet, or more readings than anybody sends in good faith.
 */
export function readingsOf(path: string): ReadonlySet<string> | undefined {
  const seen = new Set([path])
  const readings = new Set<string>()
  let chars = 0
  for (const reading of seen) {
    chars += reading.length
    if (control.test(reading) || seen.size > mostReadings || chars > mostChars) return undefined
    readings.add(normalPath(reading))
    for (const step of steps) seen.add(step(reading))
  }
  return readings
}

/** Most paths have nothing to do for most steps, which is found out faster than done. */
const steps: readonly ((path: string) => string)[] = [
  (path) => (path.includes('%') ? path.replaceAll(code, octetOf) : path),
  (path) => (path.includes('/.') ? removeDots(path) : path),
  mergeSlashes,
  (path) => path.replaceAll('\\', '/'),
  (path) => (path.includes(';') ? path.replaceAll(params, '') : path),
  (path) => path.replace(queryOrFragment, ''),
]

function octetOf(text: string): string {
  return String.fromCodePoint(Number.parseInt(text.slice(1), 16))
}

/** `//` is one slash. */
export function mergeSlashes(path: string): string {
  return path.includes('//') ? path.replaceAll(slashes, '/') : path
}

/** RFC 3986 5.2.4. What climbs above the root stays at the root. */
function removeDots(path: string): string {
  const segments = path.split('/').slice(1)
  const kept: string[] = []
  for (const [at, segment] of segments.entries()) {
    const last = at === segments.length - 1
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
    if (last && (segment === '.' || segment === '..')) kept.push('')
  }
  return `/${kept.join('/')}`
}
