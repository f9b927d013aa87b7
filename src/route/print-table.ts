import { printable } from '../base/index.ts'
import { namespacedName } from '../model/index.ts'
import type { HostTable, Route, RouteTable } from '../model/index.ts'

/** One long path does not make every line as long. */
const widestColumn = 60
/** What a route leads to, for people: its Services, or why it answers 503. */
export function printTarget(route: Route): string {
  const services = route.targets.map(({ backend, weight }) =>
    route.targets.length > 1 ? `${backend} (${weight})` : backend,
  )
  const refusal = route.refusal === undefined ? [] : [`503 ${route.refusal}`]
  return [...services, ...refusal].join(' ')
}

/** `-`: the default backend of the process, where no Ingress names the host. */
export function printIngress({ ingress }: Route): string {
  return ingress === undefined ? '-' : namespacedName(ingress)
}

function printRow(host: string, route: Route): string[] {
  const isDefault = route.match.path === ''
  return [
    host || '*',
    isDefault ? '(default)' : printable(route.rule.path || '/'),
    isDefault ? '-' : route.rule.pathType,
    printTarget(route),
    printIngress(route),
  ]
}

/** In the order in which people are shown them. */
export function hostsByName({ hosts }: Pick<RouteTable, 'hosts'>): HostTable[] {
  return [...hosts.values()].toSorted((a, b) => (a.host < b.host ? -1 : 1))
}

/** A table as text, one route a line in order of precedence, hosts in order of their names. The same table, the same text. */
export function printTable(table: RouteTable): string {
  if (table.hosts.size === 0 && table.catchAll === undefined)
    return 'There is no rule to serve: every request is answered 404.\n'
  const rows = hostsByName(table).flatMap((host) => {
    const routes = host.fallback === undefined ? host.rules : [...host.rules, host.fallback]
    return routes.map((route) => printRow(host.host, route))
  })
  if (table.catchAll !== undefined) rows.push(printRow('', table.catchAll))
  return printColumns([['HOST', 'PATH', 'TYPE', 'SERVICE', 'INGRESS'], ...rows])
}

function printColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, Math.min(cell.length, widestColumn))
  const print = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('   ')
      .trimEnd()
  return `${rows.map(print).join('\n')}\n`
}
