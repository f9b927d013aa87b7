import type { HostTable, Route, RouteTable } from '../../src/model/index.ts'

/** Where a request ends, by the definitions alone: a route, or the word of our answer. Slow, obvious, shares no code. */
export function decideSlowly(table: RouteTable, host: string | undefined, path: string): Route | string {
  const found = hostOf(table, host)
  const asked = found?.mergeSlashes === true ? squeeze(path) : path
  if (asked === '*') return endAt(table, found, undefined)
  const readings = closure(asked)
  if (readings.length > 64 || readings.some(hasControl)) return 'BadRequest'
  const ends = readings.map((reading) => endAt(table, found, normal(reading)))
  const names = new Set(ends.map((end) => (typeof end === 'string' ? end : `to ${end.end}`)))
  return names.size > 1 ? 'AmbiguousPath' : (ends[0] ?? 'NoRoute')
}

function hostOf({ hosts }: RouteTable, host: string | undefined): HostTable | undefined {
  const name = (host ?? '').replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase()
  const labels = name.split('.')
  const isAddress = labels.length === 4 && labels.every((label) => /^\d+$/.test(label))
  const below = labels.length > 1 && /^[a-z0-9-]+$/.test(labels[0] ?? '') && !isAddress
  const wildcard = ['*', ...labels.slice(1)].join('.')
  return hosts.get(name) ?? (below ? hosts.get(wildcard) : undefined) ?? hosts.get('')
}

function endAt(table: RouteTable, host: HostTable | undefined, path: string | undefined): Route | string {
  const rule = path === undefined ? undefined : bestRule(host?.rules ?? [], path)
  const general = host === undefined || host.host === '' ? table.catchAll : undefined
  return rule ?? host?.fallback ?? general ?? 'NoRoute'
}

/** Among all rules that match, the one of the highest rank; of equals the first. */
function bestRule(rules: readonly Route[], path: string): Route | undefined {
  let best: Route | undefined
  for (const route of rules.filter((candidate) => matches(candidate, path)))
    if (best === undefined || isGreater(rank(route), rank(best))) best = route
  return best
}

/** Exact, then more elements, then the longer text, then a declared Prefix. */
function rank({ rule }: Route): number[] {
  const path = rulePath(rule.path)
  return [Number(rule.pathType === 'Exact'), elements(path).length, path.length, Number(rule.pathType === 'Prefix')]
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((part, index) => part !== b[index])
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0)
}

function matches({ rule }: Route, path: string): boolean {
  if (/[?#]/.test(rule.path)) return false
  const wanted = rulePath(rule.path)
  if (rule.pathType === 'Exact') return wanted === path
  const asked = elements(path)
  return elements(wanted).every((element, at) => asked[at] === element)
}

/** Without one slash at either end, split at the others; the root has none. */
function elements(path: string): string[] {
  const inner = path.slice(1)
  if (inner === '') return []
  return (inner.endsWith('/') ? inner.slice(0, -1) : inner).split('/')
}

function rulePath(path: string): string {
  return normal([...new TextEncoder().encode(path || '/')].map((octet) => String.fromCodePoint(octet)).join(''))
}

/** Octet by octet: unreserved octets stand for themselves, others that may not stand raw are codes in upper case. */
function normal(path: string): string {
  let text = ''
  for (let at = 0; at < path.length; at++) {
    const digits = path.slice(at + 1, at + 3)
    if (path[at] === '%' && /^[0-9a-fA-F]{2}$/.test(digits)) {
      const char = String.fromCodePoint(Number.parseInt(digits, 16))
      text += /[a-zA-Z0-9._~-]/.test(char) ? char : `%${digits.toUpperCase()}`
      at += 2
    } else text += standsRaw(path[at] ?? '') ? path[at] : `%${code(path, at)}`
  }
  return text
}

function standsRaw(char: string): boolean {
  return /[a-zA-Z0-9]/.test(char) || "-._~!$&'()*+,;=:@/%\\".includes(char)
}

function code(text: string, at: number): string {
  return text.charCodeAt(at).toString(16).toUpperCase().padStart(2, '0')
}

function closure(path: string): string[] {
  const readings = [path]
  for (let at = 0; at < readings.length && readings.length <= 64; at++) {
    const reading = readings[at] ?? ''
    for (const next of [decoded(reading), undotted(reading), squeeze(reading), turned(reading), cut(reading)])
      if (!readings.includes(next)) readings.push(next)
  }
  return readings
}

function decoded(path: string): string {
  return path
    .split(/(%[0-9a-fA-F]{2})/)
    .map((part, at) => (at % 2 === 1 ? String.fromCodePoint(Number.parseInt(part.slice(1), 16)) : part))
    .join('')
}

/** The algorithm of RFC 3986 5.2.4, step by step. */
function undotted(path: string): string {
  let input = path
  let output = ''
  while (input !== '') {
    if (input.startsWith('/./')) input = input.slice(2)
    else if (input === '/.') input = '/'
    else if (input.startsWith('/../') || input === '/..') {
      input = input === '/..' ? '/' : input.slice(3)
      output = output.slice(0, Math.max(0, output.lastIndexOf('/')))
    } else {
      const next = input.indexOf('/', 1)
      output += next < 0 ? input : input.slice(0, next)
      input = next < 0 ? '' : input.slice(next)
    }
  }
  return output
}

function squeeze(path: string): string {
  return path.split(/\/+/).join('/')
}

function turned(path: string): string {
  return path.split('\\').join('/')
}

function cut(path: string): string {
  return path
    .split('/')
    .map((element) => element.split(';')[0] ?? '')
    .join('/')
}

function hasControl(text: string): boolean {
  return text.split('').some((char) => char < ' ' || char === '\u007F')
}
