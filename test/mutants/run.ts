import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { applyMutant } from './mutant.ts'
import type { Mutant } from './mutant.ts'
import { suiteOutcomes } from './suite-outcome.ts'
import type { SuiteOutcome } from './suite-outcome.ts'
import { mutants } from './table.ts'

/**
 * Plays each fault of the table in a copy of the tree and runs the tests that have to notice it: `npm run mutants [PART]`,
 * with PART of a file name or of a reason to play some. Exits with 1 if a fault is not caught by a test that fails, or no
 * longer applies.
 */
const root = join(import.meta.dirname, '../..')
const copied = ['src', 'test', 'tools', 'docs', 'examples', 'package.json', 'tsconfig.json']
const atOnce = 2
/** Ends what a fault makes endless; a run of tests takes a tenth of it. */
const longestRun = 300_000
const runner = join(import.meta.dirname, 'suite-process.ts')

type Outcome = 'caught' | 'survived' | 'does not apply' | 'timed out' | 'crashed'

/** A copy of the tree in which one fault at a time is tried. */
class Workplace {
  readonly #root = mkdtempSync(join(tmpdir(), 'lintel-mutants-'))
  #running: ChildProcess | undefined

  constructor() {
    for (const name of copied) cpSync(join(root, name), join(this.#root, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(this.#root, 'node_modules'))
  }

  async play(mutant: Mutant): Promise<Outcome> {
    const faulty = applyMutant(this.#root, mutant)
    if (faulty === undefined) return 'does not apply'
    const path = join(this.#root, mutant.file)
    const text = readFileSync(path)
    writeFileSync(path, faulty)
    try {
      return await this.#playIn(mutant.suites)
    } finally {
      writeFileSync(path, text)
    }
  }

  /** What becomes of a test file. */
  async run(suite: string): Promise<SuiteOutcome> {
    const child = spawn(process.execPath, [runner, suite], { cwd: this.#root, stdio: 'ignore', detached: true })
    this.#running = child
    let late = false
    const deadline = setTimeout(() => {
      late = true
      this.#stop()
    }, longestRun)
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    clearTimeout(deadline)
    this.#running = undefined
    return late ? 'timed out' : (suiteOutcomes[code ?? -1] ?? 'crashed')
  }

  /** Where no test fails, it is told that one took too long, or that a file ended otherwise. */
  async #playIn(suites: readonly string[]): Promise<Outcome> {
    let outcome: Outcome = 'survived'
    for (const suite of suites) {
      const became = await this.run(suite)
      if (became === 'failed') return 'caught'
      if (became !== 'passed') outcome = became
    }
    return outcome
  }

  close(): void {
    this.#stop()
    rmSync(this.#root, { recursive: true, force: true })
  }

  /** The group of the child, whose tests are processes of their own. */
  #stop(): void {
    const pid = this.#running?.pid
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  }
}

/** Each workplace takes the next thing to do as soon as it is free. */
async function share<T>(things: readonly T[], work: (thing: T, place: Workplace) => Promise<void>): Promise<void> {
  const queue = things.values()
  await Promise.all(
    workplaces.map(async (place) => {
      for (const thing of queue) await work(thing, place)
    }),
  )
}

function print({ file, find, replace, why }: Mutant, outcome: Outcome): void {
  console.log(`${outcome.padEnd(14)} ${file}: ${why}`)
  if (outcome !== 'caught') console.log(`${' '.repeat(15)}${JSON.stringify(find)} → ${JSON.stringify(replace)}`)
}

const [part = ''] = process.argv.slice(2)
const chosen = mutants.filter(({ file, why }) => file.includes(part) || why.includes(part))
if (chosen.length === 0) {
  console.error(`no mutant has ${JSON.stringify(part)} in its file's name or its reason: npm run mutants [PART]`)
  process.exit(2)
}
const workplaces = Array.from({ length: atOnce }, () => new Workplace())
process.once('exit', () => workplaces.forEach((place) => place.close()))
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

// A suite that fails without a fault would seem to catch them all.
await share([...new Set(chosen.flatMap(({ suites }) => suites))], async (suite, place) => {
  const became = await place.run(suite)
  if (became === 'passed') return
  console.log(`${suite} ${became} without a fault`)
  process.exit(1)
})
const tally = new Map<Outcome, number>()
await share(chosen, async (mutant, place) => {
  const outcome = await place.play(mutant)
  tally.set(outcome, (tally.get(outcome) ?? 0) + 1)
  print(mutant, outcome)
})
console.log([...tally].map(([outcome, count]) => `${count} ${outcome}`).join(', '))
process.exitCode = tally.get('caught') === chosen.length ? 0 : 1
