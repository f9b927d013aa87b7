import type { Site } from '../site.ts'

/** A proxy that the cases are played against. */
export interface Target {
  readonly name: string
  /** Undefined if its program cannot be had here. */
  version(): string | undefined
  /** `impatient`: with the deadlines of clients and of upstreams cut to two seconds or less. */
  start(site: Pick<Site, 'ports' | 'fillers'>, impatient: boolean): Promise<Running>
}

export interface Running {
  readonly port: number
  stop(): Promise<unknown>
}
