import type { Backend, BackendKey, Certificate, HostTable, Route, RouteTable, TlsHost } from './route-table.ts'
import type { OpenConnections } from './worker-counts.ts'

/** What a worker serves by: a table, and the endpoints of its backends. */
export interface ServingState {
  readonly table: RouteTable
  readonly backends: ReadonlyMap<BackendKey, Backend>
}

/** One changed entry of a serving state; `null` takes it out. */
export type Change =
  | { readonly type: 'host'; readonly key: string; readonly value: HostTable | null }
  | { readonly type: 'tls'; readonly key: string; readonly value: TlsHost | null }
  | { readonly type: 'certificate'; readonly key: string; readonly value: Certificate | null }
  | { readonly type: 'backend'; readonly key: BackendKey; readonly value: Backend | null }
  | ({ readonly type: 'rest'; readonly catchAll: Route | null } & Pick<RouteTable, 'defaultCertificates' | 'settings'>)

/**
 * Control to worker. A version is `begin`, changes, `commit`; until the commit nothing of it is served. `fresh` forgets
 * all that came before. `tickets`: 48 octets in base64. `announced`: the log may be written from now on.
 */
export type ControlMessage =
  | { readonly type: 'hello' }
  | { readonly type: 'begin'; readonly version: number; readonly fresh: boolean }
  | Change
  | { readonly type: 'commit'; readonly version: number }
  | { readonly type: 'tickets'; readonly keys: string }
  | { readonly type: 'announced' }

/** Worker to control. `hello` names the version that is being served, 0 if none. */
export type WorkerMessage =
  | { readonly type: 'hello'; readonly version: number }
  | { readonly type: 'acknowledged'; readonly version: number }
  | CountsMessage

/** What a worker has counted since it last told: `more` are pairs of slot and number. Once a second at most. */
export interface CountsMessage {
  readonly type: 'counts'
  readonly more: readonly number[]
  readonly open: OpenConnections
}

/** Control to the echo process: the complete list of backends to stand in for; and back: where they listen. */
export type EchoRequest = { readonly type: 'hello' } | { readonly type: 'want'; readonly keys: readonly BackendKey[] }
export interface EchoReply {
  readonly type: 'listening'
  readonly ports: readonly (readonly [key: BackendKey, port: number])[]
}
