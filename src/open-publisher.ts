import type { KubeClient, KubeError } from './kube/index.ts'
import { Publisher } from './publish/index.ts'
import type { ServeOptions } from './serve-options.ts'
import { systemClock as clock } from './system-clock.ts'

/** Who tells the cluster what is served; undefined where there is none, or nothing is to be written to it. */
export function openPublisher(
  { publish }: ServeOptions,
  client: KubeClient | undefined,
  failed: (message: string) => void,
): Publisher | undefined {
  if (client === undefined || publish === undefined) return undefined
  return new Publisher(publish, { client, clock, random: () => Math.random(), failed: reportTo(failed) })
}

/** Each kind of refusal is told once; of outages the source tells, since all requests have one pace. */
function reportTo(failed: (message: string) => void): (what: string, error: KubeError) => void {
  const said = new Set<string>()
  return (what, error) => {
    const kind = `${what} ${error.status} ${error.reason}`
    if (error.isOutage || said.has(kind)) return
    said.add(kind)
    failed(`${what}: ${error.message}`)
  }
}
