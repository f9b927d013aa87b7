import type { KubeClient } from './kube/index.ts'
import { printDiagnostic } from './print-diagnostic.ts'
import { Publisher } from './publish/index.ts'
import { reportRefusals } from './report-refusals.ts'
import type { ServeOptions } from './serve-options.ts'
import { systemClock as clock } from './system-clock.ts'

/** Who tells the cluster what is served; undefined where there is none, or nothing is to be written to it. */
export function openPublisher(
  { publish }: ServeOptions,
  client: KubeClient | undefined,
  failed: (message: string) => void,
): Publisher | undefined {
  if (client === undefined || publish === undefined) return undefined
  return new Publisher(publish, {
    client,
    clock,
    random: () => Math.random(),
    failed: reportRefusals(failed),
    lacking: (diagnostic) => console.error(printDiagnostic(diagnostic)),
  })
}
