import type { Service } from './hostile-case.ts'

const most = 400

/** Where a path ends, by the rules that every target is given: `guarded` is never served. */
export type End = Service | 'guarded'

/**
 * Where a back end could think that a target of the first host leads: each step that some server takes, applied to each
 * outcome until none is new. A request has one meaning only if all of them are one.
 */
export function endsOf(target: string): ReadonlySet<End> {
  const path = target.replace(/\?[^]*/, '')
  const readings = new Set([plainLetters(path)])
  for (const reading of readings) {
    if (readings.size > most) break
    for (const step of steps) readings.add(plainLetters(step(reading)))
  }
  return new Set([...readings].map(endOf))
}

function endOf(path: string): End {
  const [, first] = path.split('/')
  if (first === 'admin') return 'guarded'
  return first === 'api' ? 'api' : 'open'
}

const steps: readonly ((path: string) => string)[] = [
  (path) => path.replaceAll(/%[\da-f]{2}/gi, charOf),
  (path) => path.replaceAll('\\', '/'),
  (path) => path.replaceAll(/\/+/g, '/'),
  (path) => path.replaceAll(/;[^/]*/g, ''),
  withoutDots,
]

function plainLetters(path: string): string {
  return path.replaceAll(/%(?:4[1-9a-f]|5[\da]|6[1-9a-f]|7[\dae]|3\d|2[de]|5f)/gi, charOf)
}

function charOf(code: string): string {
  return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
}

function withoutDots(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/').slice(1)) {
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}`
}
