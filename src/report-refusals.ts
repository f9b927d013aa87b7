import type { KubeError } from './kube/index.ts'

/** Each kind of refusal is told once; of outages the source tells, since all requests have one pace. */
export function reportRefusals(failed: (message: string) => void): (what: string, error: KubeError) => void {
  const said = new Set<string>()
  return (what, error) => {
    const kind = `${what} ${error.status} ${error.reason}`
    if (error.isOutage || said.has(kind)) return
    said.add(kind)
    failed(`${what}: ${error.message}`)
  }
}
