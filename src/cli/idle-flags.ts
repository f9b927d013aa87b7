import type { FlagValues } from './flag-values.ts'
import type { Flag } from './flags.ts'

const doc = 'No effect: taken so that the arguments of an ingress-nginx can stay'

function idle(name: string, value?: string): Flag {
  return value === undefined ? { name, doc } : { name, value, doc }
}

/** Flags that installations of ingress-nginx pass, and that have nothing to say here. All others stay errors. */
export const idleFlags: readonly Flag[] = [
  idle('deep-inspect'),
  idle('disable-full-test'),
  idle('election-ttl', 'DURATION'),
  idle('enable-annotation-validation'),
  idle('enable-metrics'),
  idle('exclude-socket-metrics', 'NAMES'),
  idle('metrics-per-host'),
  idle('post-shutdown-grace-period', 'SECONDS'),
  idle('profiling'),
  idle('status-update-interval', 'SECONDS'),
  idle('sync-period', 'DURATION'),
  idle('sync-rate-limit', 'NUMBER'),
  idle('v', 'LEVEL'),
]

/** What to tell whoever gave some of them; undefined if nobody did. */
export function tellIdle(values: FlagValues): string | undefined {
  const given = idleFlags.filter(({ name }) => values.all(name).length > 0).map(({ name }) => `--${name}`)
  return given.length === 0 ? undefined : `lintel: without effect here: ${given.join(', ')}`
}
