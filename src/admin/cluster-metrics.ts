import type { WatchFacts } from './facts.ts'
import { single } from './metric.ts'
import type { Metric } from './metric.ts'

export const clusterMetrics: readonly Metric[] = [
  single(
    { name: 'lintel_api_server_well', type: 'gauge', help: 'Whether the API server did its work when last asked.' },
    ({ cluster }) => (cluster === undefined ? undefined : Number(cluster.well)),
  ),
  single(
    { name: 'lintel_leader', type: 'gauge', help: 'Whether this replica is the one that writes statuses and Events.' },
    ({ cluster }) => (cluster?.leads === undefined ? undefined : Number(cluster.leads)),
  ),
  ofWatches('lintel_watch_synced', 'gauge', 'Whether the collection has been read once.', ({ synced }) =>
    Number(synced),
  ),
  ofWatches(
    'lintel_watch_silence_seconds',
    'gauge',
    'How long ago the API server was last heard of on behalf of the collection.',
    ({ silence }) => silence,
  ),
  ofWatches('lintel_watch_lists_total', 'counter', 'Pages of lists that were read.', ({ lists }) => lists),
  ofWatches('lintel_watch_starts_total', 'counter', 'Watches that were opened.', ({ watches }) => watches),
  ofWatches('lintel_watch_events_total', 'counter', 'Events that came, bookmarks among them.', ({ events }) => events),
  ofWatches('lintel_watch_errors_total', 'counter', 'Lists and watches that failed.', ({ failures }) => failures),
  {
    name: 'lintel_secrets',
    type: 'gauge',
    help: 'With --secrets=named, Secrets that Ingresses name: known, missing (or not ours to read), and waiting to be asked for.',
    labels: ['state'],
    samples: ({ cluster }) => {
      const { secrets } = cluster ?? {}
      if (secrets === undefined) return []
      return (['known', 'missing', 'waiting'] as const).map((state) => ({ labels: [state], value: secrets[state] }))
    },
  },
  single(
    {
      name: 'lintel_secrets_silence_seconds',
      type: 'gauge',
      help: 'With --secrets=named, how long ago the API server last answered for one of them.',
    },
    ({ cluster }) => cluster?.secrets?.silence,
  ),
]

function ofWatches(
  name: string,
  type: Metric['type'],
  help: string,
  value: (watch: WatchFacts) => number | undefined,
): Metric {
  const samples: Metric['samples'] = ({ cluster }) =>
    (cluster?.watches ?? []).flatMap((watch) => {
      const known = value(watch)
      return known === undefined ? [] : [{ labels: [watch.kind, watch.namespace], value: known }]
    })
  return { name, type, help, labels: ['kind', 'namespace'], samples }
}
