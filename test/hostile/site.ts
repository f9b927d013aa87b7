import { startRecorder } from '../support/recorder.ts'
import type { Recorder } from '../support/recorder.ts'
import type { Arrival } from './arrival.ts'
import type { Service } from './hostile-case.ts'

/** A path of the first host that takes no larger body than this. */
export const smallPath = '/small'
export const bodyLimit = 100

/**
 * What every target is configured for: `/`, `/api`, a guarded `/admin` and a path with a limit on one host, `/` on another,
 * and hosts enough that a table which changes its ways with its size has changed them.
 */
export interface Site {
  readonly ports: Readonly<Record<Service, number>>
  readonly fillers: readonly string[]
  arrivals(): Arrival[]
  close(): Promise<void>
}

export async function openSite(): Promise<Site> {
  const recorders: Readonly<Record<Service, Recorder>> = {
    open: await startRecorder(),
    api: await startRecorder(),
    other: await startRecorder(),
  }
  const services = ['open', 'api', 'other'] as const
  return {
    ports: { open: recorders.open.port, api: recorders.api.port, other: recorders.other.port },
    fillers: Array.from({ length: 150 }, (_, at) => `filler-${at}.test`),
    arrivals: () =>
      services.flatMap((service) => recorders[service].recordings.map((recording) => ({ ...recording, service }))),
    close: async () => {
      for (const service of services) await recorders[service].close()
    },
  }
}
