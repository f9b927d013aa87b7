import { changedEntries, printable } from '../base/index.ts'
import type { RequestHead } from '../http/index.ts'
import type { Answer, HostTable, Route, RouteTable } from '../model/index.ts'
import { isNormal, normalPath } from './normal-path.ts'
import { isPlain, mergeSlashes, readingsOf } from './path-readings.ts'
import { matches, prefixKey } from './precedence.ts'
import { printIngress, printTarget } from './print-table.ts'

/** Where a request ends: at a route, or at an answer of our own. */
export type Decision =
  | { readonly route: Route; readonly answer?: undefined }
  | { readonly route?: undefined; readonly answer: Answer }

/** One thing that was looked at on the way to a decision. */
export interface Step {
  readonly step: 'listener' | 'loop' | 'host' | 'path' | 'rule' | 'default' | 'guard' | 'field'
  readonly outcome: string
  readonly reason: string
}

/** A decision that is being explained, and who hears it. */
interface Traced {
  readonly decision: Decision
  readonly trace: (step: Step) => void
}

const mostHops = 10
const slash = 0x2f
const addressLike = /^\d+(\.\d+){3}$/
const firstLabel = /^[\da-z-]+\./
const noRoute: Decision = { answer: { reason: 'NoRoute' } }
const ambiguous: Decision = { answer: { reason: 'AmbiguousPath' } }
const badRequest: Decision = { answer: { reason: 'BadRequest' } }
const loop: Decision = { answer: { reason: 'LoopDetected' } }

/** A host, and what was worked out for it. */
interface HostIndex {
  readonly table: HostTable
  readonly exact: ReadonlyMap<string, Route>
  /** By `prefixKey`. */
  readonly prefix: ReadonlyMap<string, Route>
  /** How long the keys are. No other length is looked up: a path of 8,000 elements is cheap, and so is a usual one. */
  readonly exactLengths: ReadonlySet<number>
  readonly prefixLengths: ReadonlySet<number>
  readonly longestPrefix: number
}

/**
 * Makes routers for one table after another. What was worked out for a host is kept as long as its table is the same
 * object, and is worked out when a request first needs it, so that a new table costs nothing by itself.
 */
export class RouterBuilder {
  #last: Router | undefined

  build(table: RouteTable): Router {
    this.#last = new Router(table, this.#last?.handOver(table))
    return this.#last
  }
}

function buildIndex(table: HostTable): HostIndex {
  const exact = new Map<string, Route>()
  const prefix = new Map<string, Route>()
  for (const route of table.rules) {
    const [map, key] = route.match.kind === 'exact' ? [exact, route.match.path] : [prefix, prefixKey(route.match.path)]
    if (!map.has(key)) map.set(key, route)
  }
  const [exactLengths, prefixLengths] = [lengthsOf(exact), lengthsOf(prefix)]
  return { table, exact, prefix, exactLengths, prefixLengths, longestPrefix: Math.max(0, ...prefixLengths) }
}

/** The one decision function: the data plane, `explain`, `check` and tests ask it. */
export class Router {
  readonly table: RouteTable
  /** By host, those that were asked for so far: one look for a name that was, however the table is kept. */
  #indexes: Map<string, HostIndex>

  constructor(table: RouteTable, indexes: Map<string, HostIndex> = new Map()) {
    this.table = table
    this.#indexes = indexes
  }

  /** What was worked out for hosts that are the same in the next table. It is given away: this router begins anew. */
  handOver(next: RouteTable): Map<string, HostIndex> {
    const indexes = this.#indexes
    this.#indexes = new Map()
    for (const [host] of changedEntries(this.table.hosts, next.hosts)) indexes.delete(host)
    return indexes
  }

  /** With `trace`, every step is told to it; the decision is the same. */
  decide(request: RequestHead, trace?: (step: Step) => void): Decision {
    if (request.hops > mostHops) {
      trace?.({
        step: 'loop',
        outcome: 'refused',
        reason: `the request came through ${request.hops} proxies of this kind`,
      })
      return loop
    }
    const index = this.#indexFor(request.authority?.name ?? '')
    if (trace !== undefined) traceHost(request, index?.table, trace)
    const decision = this.#decidePath(index, request.path)
    if (trace !== undefined) this.#tracePath(index, request.path, { decision, trace })
    return decision
  }

  #indexFor(name: string): HostIndex | undefined {
    const known = this.#indexes.get(name)
    if (known !== undefined) return known
    const table = this.findHost(name)
    return table === undefined ? undefined : (this.#indexes.get(table.host) ?? this.#learn(table))
  }

  #learn(table: HostTable): HostIndex {
    const index = buildIndex(table)
    this.#indexes.set(table.host, index)
    return index
  }

  /** The precise host, else its one-label wildcard, else the rules without a host. `name` is lower case. */
  findHost(name: string): HostTable | undefined {
    const { hosts } = this.table
    const exact = hosts.get(name)
    if (exact !== undefined) return exact
    const dot = name.indexOf('.')
    const wildcard = dot > 0 ? hosts.get(`*${name.slice(dot)}`) : undefined
    return wildcard !== undefined && isBelowWildcard(name) ? wildcard : hosts.get('')
  }

  #decidePath(index: HostIndex | undefined, path: string): Decision {
    if (isNormal(path)) return this.#lookUp(index, path)
    const read = index?.table.mergeSlashes === true ? mergeSlashes(path) : path
    if (isPlain(read)) return this.#lookUp(index, normalPath(read))
    const readings = readingsOf(read)
    if (readings === undefined) return badRequest
    let first: Decision | undefined
    for (const reading of readings) {
      const decision = this.#lookUp(index, reading)
      first ??= decision
      if (endOf(decision) !== endOf(first)) return ambiguous
    }
    return first ?? noRoute
  }

  /** `path` is in normal form. Nothing falls through from a host that matched to another (semantics 4.2, own hosts). */
  #lookUp(index: HostIndex | undefined, path: string): Decision {
    const route = index === undefined ? undefined : (findRule(index, path) ?? index.table.fallback)
    if (route !== undefined) return { route }
    const { catchAll } = this.table
    return catchAll !== undefined && (index === undefined || index.table.host === '') ? { route: catchAll } : noRoute
  }

  /** The readings of the path, then each rule that was a candidate for the first. */
  #tracePath(index: HostIndex | undefined, path: string, { decision, trace }: Traced): void {
    const host = index?.table
    const read = host?.mergeSlashes === true ? mergeSlashes(path) : path
    if (isPlain(read)) return traceRules(host, normalPath(read), { decision, trace })
    const readings = readingsOf(read)
    if (readings === undefined) {
      const reason = 'a control octet, or more readings than are sent in good faith'
      return trace({ step: 'path', outcome: 'refused', reason })
    }
    const [first = '', ...others] = readings
    const end = this.#lookUp(index, first)
    const other = others.find((reading) => endOf(this.#lookUp(index, reading)) !== endOf(end))
    if (other !== undefined) {
      const reason = `${first} ends at ${printEnd(end)}, but read as ${other} at ${printEnd(this.#lookUp(index, other))}`
      return trace({ step: 'path', outcome: 'refused', reason })
    }
    const reason = others.length === 0 ? 'has one reading' : `all ${readings.size} readings end alike`
    trace({ step: 'path', outcome: first, reason })
    traceRules(host, first, { decision, trace })
  }
}

function findRule(index: HostIndex, path: string): Route | undefined {
  const same = index.exactLengths.has(path.length) ? index.exact.get(path) : undefined
  return same ?? findPrefix(index, path)
}

function lengthsOf(keys: ReadonlyMap<string, Route>): ReadonlySet<number> {
  return new Set([...keys.keys()].map(({ length }) => length))
}

/** The longest key that covers whole elements of the path; a slash at its end is none. `*` has no slash, so no key covers it. */
function findPrefix({ prefix, prefixLengths, longestPrefix }: HostIndex, path: string): Route | undefined {
  let length = path.endsWith('/') ? path.length - 1 : path.length
  if (length > longestPrefix) length = lastSlash(path, longestPrefix)
  for (; length >= 0; length = lastSlash(path, length - 1)) {
    const found = prefixLengths.has(length) ? prefix.get(path.slice(0, length)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** As `lastIndexOf`, which is a call out of compiled code for the few octets that are looked at here. -1: there is none. */
function lastSlash(path: string, from: number): number {
  let at = from
  while (at >= 0 && path.charCodeAt(at) !== slash) at--
  return at
}

/** Only names of the DNS are below a wildcard: no addresses, no `_` (semantics H-9, H-15). */
function isBelowWildcard(name: string): boolean {
  return firstLabel.test(name) && !addressLike.test(name)
}

/** What the unanimity rule compares: no route is an end too. */
function endOf(decision: Decision): string {
  return decision.route?.end ?? ''
}

function traceHost(request: RequestHead, host: HostTable | undefined, trace: (step: Step) => void): void {
  const asked = request.authority?.name ?? ''
  if (host === undefined)
    trace({ step: 'host', outcome: 'none', reason: `no rule is for ${asked || 'a request without a host'}` })
  else if (host.host === '')
    trace({
      step: 'host',
      outcome: 'any host',
      reason: `no rule names ${asked || 'the empty host'}; rules without a host apply`,
    })
  else
    trace({
      step: 'host',
      outcome: host.host,
      reason: host.host === asked ? 'the precise host' : `${asked} is one label below`,
    })
}

/** Each rule in order of precedence, and why it lost. */
function traceRules(host: HostTable | undefined, path: string, { decision, trace }: Traced): void {
  const rules = host?.rules ?? []
  for (const route of rules) trace(ruleStep(route, path, decision))
  if (decision.route === undefined) trace({ step: 'default', outcome: 'none', reason: 'no rule matches' })
  else if (!rules.includes(decision.route))
    trace({ step: 'default', outcome: 'chosen', reason: 'no rule matches; the default backend takes it' })
}

function ruleStep(route: Route, path: string, decision: Decision): Step {
  const name = printRule(route)
  if (route === decision.route)
    return { step: 'rule', outcome: 'chosen', reason: `${name} of ${printIngress(route)} matches ${path}` }
  if (!matches(route, path)) return { step: 'rule', outcome: 'no match', reason: `${name} does not match ${path}` }
  return { step: 'rule', outcome: 'lost', reason: `${name} matches ${path}, but a rule before it is more specific` }
}

function printRule({ rule }: Route): string {
  return `${rule.pathType} ${printable(rule.path || '/')}`
}

function printEnd({ route }: Decision): string {
  return route === undefined ? 'no route' : printTarget(route)
}
