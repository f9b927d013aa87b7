import type { KubeError } from './kube/index.ts'
import { reportRefusals } from './report-refusals.ts'

/**
 * What goes wrong with the API server is told once: an outage however many meet it, until it is over, which `isIll` says; a
 * refusal for each thing that is asked, since what may not be asked for is asked for again and again.
 */
export function reportFaults(
  failed: (message: string) => void,
  isIll: () => boolean,
): (what: string, error: KubeError) => void {
  const refused = reportRefusals(failed)
  const outages = new Set<string>()
  return (what, error) => {
    if (!isIll()) outages.clear()
    if (!error.isOutage) return refused(what, error)
    if (!outages.has(error.message)) failed(error.message)
    outages.add(error.message)
  }
}
