import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Undefined: all. */
  readonly cells: readonly string[] | undefined
  readonly candidates: readonly string[] | undefined
  readonly rounds: number
  readonly seconds: number
  readonly warmUp: number
  readonly neighbours: number
  readonly nice: number
  readonly write: boolean
  readonly help: boolean
}

export const usageText = `npm run bench -- [FLAGS]

  --cells ID,…        what is measured; without it, everything
  --candidates NAME,… who is measured; ratios need nginx
  --rounds N          so many samples of each that count (5)
  --seconds S         length of a sample (3)
  --warm-up S         before the first sample of each cell (3)
  --neighbours CORES  a sample is thrown away when other processes used more (0.25)
  --nice=N            priority of all that the bench starts (0; less, as --nice=-10, for root alone, at the cost of others)
  --write             write the raw samples to docs/bench/COMMIT.json
`

export function readOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      cells: text,
      candidates: text,
      rounds: { ...text, default: '5' },
      seconds: { ...text, default: '3' },
      'warm-up': { ...text, default: '3' },
      neighbours: { ...text, default: '0.25' },
      nice: { ...text, default: '0' },
      write: flag,
      help: flag,
    },
  })
  return {
    cells: values.cells?.split(','),
    candidates: values.candidates?.split(','),
    rounds: readNumber('rounds', values.rounds),
    seconds: readNumber('seconds', values.seconds),
    warmUp: readNumber('warm-up', values['warm-up']),
    neighbours: readNumber('neighbours', values.neighbours),
    nice: readNumber('nice', values.nice),
    write: values.write,
    help: values.help,
  }
}

function readNumber(name: string, text: string): number {
  const number = Number(text)
  if (text === '' || Number.isNaN(number)) throw new Error(`--${name} ${text}: a number is wanted`)
  return number
}

/** The entries of these names, or all; throws if there is no such entry. */
export function choose<T>(
  entries: readonly T[],
  nameOf: (entry: T) => string,
  names: readonly string[] | undefined,
): T[] {
  const known = entries.map(nameOf)
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`there is no ${unknown}; there are ${known.join(', ')}`)
  return entries.filter((entry) => names?.includes(nameOf(entry)) ?? true)
}
