import { parseArgs } from 'node:util'

import { isInOwnNamespace, reasonAgainstNamespace, runInOwnNamespace } from '../cluster/support/own-namespace.ts'
import { printFigure } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'

/** Minutes of a scenario. */
const usual = 5

const usage = `npm run soak -- [--only NAME]… [--minutes N]

Runs the long form of the tests of failure. Each scenario goes on for N minutes (${usual}, if it does not need more) and passes or fails.

${scenarios.map(({ name, shows }) => `  ${name.padEnd(20)}${shows}`).join('\n')}`

const mostFaults = 10

/** Runs one scenario, prints what it found, and answers whether it passed. */
async function runScenario({ name, shows, inNamespace = false, run }: Scenario, minutes: number): Promise<boolean> {
  if (inNamespace && !isInOwnNamespace()) return runApart(name, minutes)
  console.log(`${name}: ${shows}`)
  const cleanups: (() => unknown)[] = []
  const end = performance.now() + minutes * 60_000
  const course: Course = {
    after: (cleanup) => void cleanups.unshift(cleanup),
    goesOn: (round) => round === 0 || performance.now() < end,
  }
  try {
    return judge(name, await run(course))
  } catch (error) {
    console.log(error)
    return judge(name, { figures: [], faults: [String(error)] })
  } finally {
    for (const cleanup of cleanups) await cleanup()
  }
}

/** This program once more, for one scenario in namespaces of its own. Where they cannot be had it is skipped. */
function runApart(name: string, minutes: number): boolean {
  const reason = reasonAgainstNamespace()
  if (reason === undefined)
    return runInOwnNamespace([process.argv[1] ?? '', '--only', name, '--minutes', `${minutes}`]) === 0
  console.log(`SKIP ${name}: ${reason}\n`)
  return true
}

function judge(name: string, { figures, faults }: Findings): boolean {
  for (const figure of figures) console.log(`  ${printFigure(figure)}`)
  const all = [
    ...faults,
    ...figures.filter(({ value, most = Infinity }) => value > most).map((figure) => `too much: ${printFigure(figure)}`),
  ]
  for (const fault of all.slice(0, mostFaults)) console.log(`  fault: ${fault}`)
  if (all.length > mostFaults) console.log(`  and ${all.length - mostFaults} more`)
  console.log(`${all.length === 0 ? 'PASS' : 'FAIL'} ${name}\n`)
  return all.length === 0
}

/** Answers the exit code: 0 all passed, 1 some failed, 2 usage. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      minutes: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const minutesOf = ({ minutes = usual }: Pick<Scenario, 'minutes'>): number => Number(values.minutes ?? minutes)
  const names = values.only ?? scenarios.map(({ name }) => name)
  const chosen = names.map((name) => scenarios.find((scenario) => scenario.name === name))
  if (values.help === true || !(minutesOf({}) >= 0) || chosen.includes(undefined)) {
    console.log(usage)
    return values.help === true ? 0 : 2
  }
  const failed: string[] = []
  for (const scenario of chosen) {
    if (scenario !== undefined && !(await runScenario(scenario, minutesOf(scenario)))) failed.push(scenario.name)
  }
  console.log(failed.length === 0 ? `PASS: ${names.join(', ')}` : `FAIL: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

process.exitCode = await main()
