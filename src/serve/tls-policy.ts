import type { RouteTable, TlsHost } from '../model/index.ts'

/** The policy of every host that has no other, and of handshakes without a server name. */
export const defaultPolicy = 'default'

/** What is shown to clients that ask for a name: the precise host, else its one-label wildcard. `name` in lower case. */
export function findTlsHost(table: RouteTable, name: string): TlsHost | undefined {
  const exact = table.tls.get(name)
  if (exact !== undefined) return exact
  const dot = name.indexOf('.')
  return dot > 0 ? table.tls.get(`*${name.slice(dot)}`) : undefined
}

export function policyOf(table: RouteTable, name: string): string {
  return findTlsHost(table, name)?.policy ?? defaultPolicy
}
