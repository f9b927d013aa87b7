import { parseArgs } from 'node:util'

import { isInOwnNamespace, reasonAgainstNamespace, runInOwnNamespace } from '../cluster/support/own-namespace.ts'
import { printFigure } from '../failure/exercises/findings.ts'
import type { Course, Findings } from '../failure/exercises/findings.ts'
import { judge } from './judge.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'

/** Minutes of a scenario. */
const usual = 5

const usage = `npm run soak -- [--only NAME]… [--minutes N]

Runs the long form of the tests of failure. Each scenario goes on for N minutes (${usual}, if it does not need more) and passes or fails.
In fewer minutes than it needs, it says what it has too little of, and does not fail by that.

${scenarios.map(({ name, shows }) => `  ${name.padEnd(20)}${shows}`).join('\n')}`

const mostFaults = 10

/** Runs one scenario, prints what it found, and answers whether it passed. */
async function runScenario(scenario: Scenario, minutes: number): Promise<boolean> {
  const { name, shows, inNamespace = false, run } = scenario
  if (inNamespace && !isInOwnNamespace()) return runApart(name, minutes)
  console.log(`${name}: ${shows}`)
  const cleanups: (() => unknown)[] = []
  const end = performance.now() + minutes * 60_000
  const course: Course = {
    after: (cleanup) => void cleanups.unshift(cleanup),
    goesOn: (round) => round === 0 || performance.now() < end,
  }
  try {
    return report(name, await run(course), minutes < minutesOf(scenario))
  } catch (error) {
    console.log(error)
    return report(name, { figures: [], faults: [String(error)] }, false)
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

/** Whether there was no fault. */
function report(name: string, findings: Findings, isShort: boolean): boolean {
  const { faults, lacks } = judge(findings, isShort)
  for (const figure of findings.figures) console.log(`  ${printFigure(figure)}`)
  for (const lack of lacks) console.log(`  ${lack}, in fewer minutes than it needs`)
  for (const fault of faults.slice(0, mostFaults)) console.log(`  fault: ${fault}`)
  if (faults.length > mostFaults) console.log(`  and ${faults.length - mostFaults} more`)
  console.log(`${faults.length === 0 ? 'PASS' : 'FAIL'} ${name}\n`)
  return faults.length === 0
}

function minutesOf({ minutes = usual }: Pick<Scenario, 'minutes'>): number {
  return minutes
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
  const minutesFor = (scenario: Pick<Scenario, 'minutes'>): number => Number(values.minutes ?? minutesOf(scenario))
  const names = values.only ?? scenarios.map(({ name }) => name)
  const chosen = names.map((name) => scenarios.find((scenario) => scenario.name === name))
  if (values.help === true || !(minutesFor({}) >= 0) || chosen.includes(undefined)) {
    console.log(usage)
    return values.help === true ? 0 : 2
  }
  const failed: string[] = []
  for (const scenario of chosen) {
    if (scenario !== undefined && !(await runScenario(scenario, minutesFor(scenario)))) failed.push(scenario.name)
  }
  console.log(failed.length === 0 ? `PASS: ${names.join(', ')}` : `FAIL: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

process.exitCode = await main()
