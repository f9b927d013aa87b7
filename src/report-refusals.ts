import type { KubeError } from './kube/index.ts'

/** Of one kind of refusal so many objects are named: what is wrong with all of them is plain by then. */
const mostNamed = 10

/**
 * Each kind of refusal is told once, and once for each object that it is about; of outages the source tells, since all
 * requests have one pace.
 */
export function reportRefusals(
  failed: (message: string) => void,
): (what: string, error: KubeError, about?: string) => void {
  const told = new Map<string, Set<string>>()
  return (what, error, about = '') => {
    const kind = `${what} ${error.status} ${error.reason}`
    const objects = told.get(kind) ?? new Set()
    if (error.isOutage || objects.has(about) || objects.size === mostNamed) return
    told.set(kind, objects.add(about))
    const more = objects.size === mostNamed ? '; of further objects this is not told' : ''
    failed(`${what}: ${about === '' ? '' : `${about}: `}${error.message}${more}`)
  }
}
