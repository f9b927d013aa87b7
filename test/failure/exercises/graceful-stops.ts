import type { Course, Findings } from './findings.ts'
import { openScene, printFailures } from './scene.ts'

/** SIGTERM while requests of two seconds are open: what was begun is finished, nothing is cut, and the exit code is 0. */
export async function stopGracefully(course: Course): Promise<Findings> {
  const faults: string[] = []
  let [stops, requests, refused] = [0, 0, 0]
  for (; course.goesOn(stops); stops++) {
    const { lintel, load } = await openScene(course, { rate: 100, delay: 2_000 })
    const exit = lintel.stop('SIGTERM')
    await load.answered(300)
    const ledger = await load.stop()
    const late = ledger.filter(({ outcome }) => outcome === 'refused')
    faults.push(...printFailures(ledger.filter((entry) => !late.includes(entry))))
    requests += ledger.length
    if (late.length === 0) faults.push('connections are accepted to the end')
    refused += late.length
    const code = await exit
    if (code !== 0) faults.push(`exit code ${code}`)
  }
  return {
    figures: [
      { name: 'stops', value: stops, unit: '' },
      { name: 'requests', value: requests, unit: '' },
      { name: 'refused after the stop', value: refused, unit: '' },
    ],
    faults,
  }
}
