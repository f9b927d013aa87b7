import { countSlots } from '../model/index.ts'
import type { CountSlot, WorkerFacts } from '../model/index.ts'
import { single } from './metric.ts'
import type { Metric, Sample } from './metric.ts'

/** Of metrics with more combinations of labels than these, the ones that never occurred are left out. */
const fewSlots = 12

export const workerMetrics: readonly Metric[] = [
  single(
    { name: 'lintel_workers_wanted', type: 'gauge', help: 'Worker processes that there should be.' },
    ({ wanted }) => wanted,
  ),
  single(
    { name: 'lintel_workers_serving', type: 'gauge', help: 'Worker processes that are there and have a table.' },
    ({ workers }) => workers.filter(({ serving }) => serving).length,
  ),
  {
    name: 'lintel_worker_restarts_total',
    type: 'counter',
    help: 'How often a worker was started again after its process had ended.',
    labels: ['worker'],
    samples: ({ workers }) => workers.map(({ id, restarts }) => ({ labels: [String(id)], value: restarts })),
  },
  {
    name: 'lintel_requests_total',
    type: 'counter',
    help: 'Requests that have ended, by the class of their status, and by the reason where the answer was our own.',
    labels: ['worker', 'class', 'reason'],
    samples: countedSamples((slot) => (slot.of === 'requests' ? [slot.class, slot.reason] : undefined)),
  },
  {
    name: 'lintel_dropped_fields_total',
    type: 'counter',
    help: 'Header fields of clients and upstreams that did not go on, by the reason that explain gives.',
    labels: ['worker', 'from', 'reason'],
    samples: countedSamples((slot) => (slot.of === 'droppedFields' ? [slot.from, slot.reason] : undefined)),
  },
  {
    name: 'lintel_connections_total',
    type: 'counter',
    help: 'Connections of clients that came, by port.',
    labels: ['worker', 'port'],
    samples: countedSamples((slot) => (slot.of === 'connections' ? [slot.scheme] : undefined)),
  },
  {
    name: 'lintel_connections_open',
    type: 'gauge',
    help: 'Connections of clients that are open, by port; handshakes under way do not count.',
    labels: ['worker', 'port'],
    samples: ({ workers }) =>
      workers.flatMap(({ id, open }) =>
        (['http', 'https'] as const).map((port) => ({ labels: [String(id), port], value: open[port] })),
      ),
  },
  {
    name: 'lintel_access_log_dropped_lines_total',
    type: 'counter',
    help: 'Lines of the access log that were not written, because whoever reads it was too slow.',
    labels: ['worker'],
    samples: countedSamples((slot) => (slot.of === 'droppedLines' ? [] : undefined)),
  },
]

/** `labelsOf`: undefined for slots of something else. */
function countedSamples(labelsOf: (slot: CountSlot) => readonly string[] | undefined): Metric['samples'] {
  const counted = countSlots.flatMap((slot, at) => {
    const labels = labelsOf(slot)
    return labels === undefined ? [] : [{ at, labels }]
  })
  const samplesOf = ({ id, totals }: WorkerFacts): Sample[] =>
    counted.map(({ at, labels }) => ({ labels: [String(id), ...labels], value: totals[at] ?? 0 }))
  const always = counted.length <= fewSlots
  return ({ workers }) => workers.flatMap((worker) => samplesOf(worker).filter(({ value }) => always || value > 0))
}
