import { admissionMetrics } from './admission-metrics.ts'
import { clusterMetrics } from './cluster-metrics.ts'
import type { Metric } from './metric.ts'
import { processMetrics } from './process-metrics.ts'
import { tableMetrics } from './table-metrics.ts'
import { workerMetrics } from './worker-metrics.ts'

/** All that /metrics shows, in its order. */
export const metrics: readonly Metric[] = [
  ...processMetrics,
  ...workerMetrics,
  ...tableMetrics,
  ...clusterMetrics,
  ...admissionMetrics,
]
