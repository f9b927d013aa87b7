import type { Route, RouteTable } from './model/index.ts'
import { hostsByName, normalRulePath, printTable } from './route/index.ts'
import { settingsOf } from './serve-options.ts'
import type { Listening, StartMessage } from './serve-options.ts'

/** The ports that stand in the URLs of a process. */
export interface UrlPorts {
  readonly http: number
  readonly https: number
}

/** An event for programs, and lines for people. */
export interface Announcement {
  readonly event: object
  readonly lines: readonly string[]
}

/** What is said of the first table. */
export function announcementOf(table: RouteTable, { options, listening }: StartMessage, version: number): Announcement {
  const { publicHttpPort, publicHttpsPort } = settingsOf(options, listening)
  const urls = urlsOf(table, { http: publicHttpPort, https: publicHttpsPort })
  const ports = printListening(listening)
  const pages = (ports.admin ?? []).map((at) => `http://${at}/metrics`)
  return { event: { event: 'ready', ...ports, version }, lines: [printTable(table), ...urls, ...pages] }
}

/** `ADDR:PORT` of the listeners. */
export function printListening({ address, httpPort, httpsPort, adminPort, admissionPort }: Listening): {
  readonly http: readonly string[]
  readonly https: readonly string[]
  readonly admin?: readonly string[]
  readonly admission?: readonly string[]
} {
  const host = address.includes(':') ? `[${address}]` : address
  return {
    http: [`${host}:${httpPort}`],
    https: [`${host}:${httpsPort}`],
    ...(adminPort !== undefined && { admin: [`${host}:${adminPort}`] }),
    ...(admissionPort !== undefined && { admission: [`${host}:${admissionPort}`] }),
  }
}

/**
 * A URL for each rule that answers, to be opened as it is: hosts and wildcards that stand for no name are filled in. Rules
 * that answer 503 whatever comes have none.
 */
export function urlsOf(table: RouteTable, ports: UrlPorts): string[] {
  const urls = hostsByName(table).flatMap((host) => {
    const name = host.host === '' ? 'localhost' : host.host.replace('*', 'any')
    const tls = table.tls.get(host.host)
    const secure = tls !== undefined && tls.unnamed !== true
    const routes = host.fallback === undefined ? host.rules : [...host.rules, host.fallback]
    return routes.filter(answers).flatMap((route) => {
      const path = normalRulePath(route.rule.path || '/')
      const plain = `http://${name}${portText(ports.http, 80)}${path}`
      return secure ? [plain, `https://${name}${portText(ports.https, 443)}${path}`] : [plain]
    })
  })
  if (table.catchAll !== undefined && answers(table.catchAll) && !table.hosts.has(''))
    urls.push(`http://localhost${portText(ports.http, 80)}/`)
  return [...new Set(urls)]
}

function answers({ refusal }: Route): boolean {
  return refusal === undefined
}

function portText(port: number, standard: number): string {
  return port === standard ? '' : `:${port}`
}
