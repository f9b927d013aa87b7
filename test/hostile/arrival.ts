import type { Recording } from '../support/recorder.ts'
import type { StrictRequest } from '../support/strict-request.ts'
import type { Service } from './hostile-case.ts'

/** A recording, and the service whose upstream it reached. */
export interface Arrival extends Recording {
  readonly service: Service
}

export function lineOf({ method, target }: StrictRequest): string {
  return `${method} ${target}`
}

/** The name in a Host field, by which rules are found. */
export function nameIn(host = ''): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
