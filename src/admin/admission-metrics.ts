import { single } from './metric.ts'
import type { Metric } from './metric.ts'

export const admissionMetrics: readonly Metric[] = [
  {
    name: 'lintel_admission_reviews_total',
    type: 'counter',
    help: 'Reviews of the admission webhook, by how they ended; docs/admission.md says what each outcome means.',
    labels: ['outcome'],
    samples: ({ admission }) =>
      [...(admission?.reviews ?? [])].map(([outcome, value]) => ({ labels: [outcome], value })),
  },
  single(
    {
      name: 'lintel_admission_certificate_end_timestamp_seconds',
      type: 'gauge',
      help: 'When the certificate of the admission webhook ends, in seconds since the epoch.',
    },
    ({ admission }) => admission?.certificateEnd,
  ),
]
