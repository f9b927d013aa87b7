import type { RequestHead, ResponseHead } from '../http/index.ts'
import type { Answer, Client, MiddlewareUse } from '../model/index.ts'

/** What every phase may look at. */
export interface Asked {
  readonly request: RequestHead
  readonly client: Client
  readonly publicHttpsPort: number
}

/** Two ordered phases, no onion. A phase that is absent costs nothing. */
export interface Phases<Config> {
  /** Before the upstream is asked; an answer ends the exchange. */
  onRequest?(asked: Asked, config: Config): Answer | undefined
  /** When the answer head is there, ours or the upstream's; answers the head that goes on. */
  onResponse?(asked: Asked, head: ResponseHead, config: Config): ResponseHead
}

export interface Middleware<Config> {
  readonly name: string
  readonly phases: Phases<Config>
  /** The only way to make a use of it: what is in a table therefore fits. */
  use(config: Config): MiddlewareUse
}

export function defineMiddleware<Config>(name: string, phases: Phases<Config>): Middleware<Config> {
  return { name, phases, use: (config) => ({ name, config }) }
}
