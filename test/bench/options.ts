import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly cells: readonly string[] | undefined
  readonly candidates: readonly string[] | undefined
  readonly rounds: number
  readonly seconds: number
  readonly warmUp: number
  /** Cores that others may use during a sample. */
  readonly neighbours: number
  readonly write: boolean
}

export const usage = `npm run bench -- [--cells h1-1k,tls-1k] [--candidates lintel,nginx] [--rounds 5] [--seconds 3]
                   [--warm-up 3] [--neighbours 0.25] [--write]

--neighbours CORES  samples during which other processes used more are thrown away
--write             write the raw samples to docs/bench/COMMIT.json`

export function readOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      cells: text,
      candidates: text,
      rounds: { ...text, default: '5' },
      seconds: { ...text, default: '3' },
      'warm-up': { ...text, default: '3' },
      neighbours: { ...text, default: '0.25' },
      write: { type: 'boolean', default: false },
    },
  })
  return {
    cells: values.cells?.split(','),
    candidates: values.candidates?.split(','),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    warmUp: Number(values['warm-up']),
    neighbours: Number(values.neighbours),
    write: values.write,
  }
}
