import { single } from './metric.ts'
import type { Metric } from './metric.ts'

export const processMetrics: readonly Metric[] = [
  single(
    { name: 'lintel_ready', type: 'gauge', help: 'Whether requests can be sent here, as /readyz says.' },
    ({ ready }) => Number(ready),
  ),
  single(
    { name: 'lintel_control_cpu_seconds_total', type: 'counter', help: 'CPU time of the control process.' },
    ({ process }) => process.cpu,
  ),
  single(
    { name: 'lintel_control_resident_memory_bytes', type: 'gauge', help: 'Resident memory of the control process.' },
    ({ process }) => process.resident,
  ),
  single(
    { name: 'lintel_control_heap_bytes', type: 'gauge', help: 'JavaScript heap in use in the control process.' },
    ({ process }) => process.heap,
  ),
  single(
    { name: 'lintel_control_open_fds', type: 'gauge', help: 'Open file descriptors of the control process, on Linux.' },
    ({ process }) => process.descriptors,
  ),
  single(
    {
      name: 'lintel_control_start_time_seconds',
      type: 'gauge',
      help: 'When the control process started, in seconds since the epoch; all counters begin there.',
    },
    ({ process }) => process.started,
  ),
]
