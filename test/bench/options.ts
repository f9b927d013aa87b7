import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Undefined: all. */
  readonly cells: readonly string[] | undefined
  readonly candidates: readonly string[] | undefined
  /** Of each start. */
  readonly rounds: number
  /** How often all candidates are started: a process has its own luck with where its code and data come to lie. */
  readonly starts: number
  readonly seconds: number
  readonly warmUp: number
  readonly neighbours: number
  /** Nanoseconds of a step through the second cache. */
  readonly calm: number
  readonly nice: number
  /** After so many, no round makes up any more for samples that were thrown away. */
  readonly minutes: number
  readonly write: boolean
  /** Only cells that the record lacks. */
  readonly add: boolean
  /** Path of a record that is compared with what is measured now. */
  readonly against: string | undefined
  readonly help: boolean
}

export const usageText = `npm run bench -- [FLAGS]

  --cells ID,…        what is measured; without it, everything
  --candidates NAME,… who is measured; ratios need nginx
  --rounds N          so many samples of each that count (5)
  --starts N          how often everybody is started anew, for so many rounds each time (1)
  --seconds S         length of a sample (2)
  --warm-up S         before the first sample of each process (3); a third of it before each further cell
  --neighbours CORES  a sample is thrown away when other processes used more (0.25)
  --calm NS           a sample waits for a moment, and is thrown away if it does not end in one, at which a step through the
                      second cache of the proxy's core takes no longer (no limit); records say what it took (cacheStep)
  --nice=N            priority of all that the bench starts (0; less, as --nice=-10, for root alone, at the cost of others)
  --minutes M         rounds that make up for samples that were thrown away have to end by then (25)
  --write             write the raw samples to docs/bench/COMMIT.json, round by round; of the cells that it measures,
                      the record of the commit then holds this run, of others what it held before
  --add               only cells that this record lacks: goes on with a run that was cut; implies --write
  --against FILE      compare with this record of another commit; exits 1 if anything has become worse for sure
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
      starts: { ...text, default: '1' },
      seconds: { ...text, default: '2' },
      'warm-up': { ...text, default: '3' },
      neighbours: { ...text, default: '0.25' },
      calm: { ...text, default: 'Infinity' },
      nice: { ...text, default: '0' },
      minutes: { ...text, default: '25' },
      write: flag,
      add: flag,
      against: text,
      help: flag,
    },
  })
  return {
    cells: values.cells?.split(','),
    candidates: values.candidates?.split(','),
    rounds: readNumber('rounds', values.rounds),
    starts: readNumber('starts', values.starts),
    seconds: readNumber('seconds', values.seconds),
    warmUp: readNumber('warm-up', values['warm-up']),
    neighbours: readNumber('neighbours', values.neighbours),
    calm: readNumber('calm', values.calm),
    nice: readNumber('nice', values.nice),
    minutes: readNumber('minutes', values.minutes),
    write: values.write || values.add,
    add: values.add,
    against: values.against,
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
