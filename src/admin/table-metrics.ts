import { diagnosticCodes } from '../model/index.ts'
import { single } from './metric.ts'
import type { Metric, Sample } from './metric.ts'

export const tableMetrics: readonly Metric[] = [
  single(
    { name: 'lintel_table_version', type: 'gauge', help: 'Version of the table that all workers serve by.' },
    ({ table }) => table?.version,
  ),
  single(
    {
      name: 'lintel_table_published_timestamp_seconds',
      type: 'gauge',
      help: 'When all workers had that version, in seconds since the epoch.',
    },
    ({ table }) => table?.published,
  ),
  {
    name: 'lintel_objects',
    type: 'gauge',
    help: 'Objects that the table was made of, by whether they were accepted or refused as a whole.',
    labels: ['outcome'],
    samples: ({ table }) =>
      table === undefined
        ? []
        : (['accepted', 'refused'] as const).map((outcome) => ({ labels: [outcome], value: table[outcome] })),
  },
  {
    name: 'lintel_diagnostics',
    type: 'gauge',
    help: 'Diagnostics that hold now, by code; those of docs/errors.md that do not occur have no sample.',
    labels: ['code', 'severity'],
    samples: ({ table }) => diagnosticSamples(table?.diagnostics ?? []),
  },
]

function diagnosticSamples(diagnostics: readonly { readonly code: keyof typeof diagnosticCodes }[]): Sample[] {
  const byCode = Map.groupBy(diagnostics, ({ code }) => code)
  return [...byCode]
    .map(([code, of]) => ({ labels: [code, diagnosticCodes[code].severity], value: of.length }))
    .toSorted((one, other) => ((one.labels[0] ?? '') < (other.labels[0] ?? '') ? -1 : 1))
}
