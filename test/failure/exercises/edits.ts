import { ask } from '../../support/http-client.ts'
import { printIngress } from '../../support/manifests.ts'
import { longest } from './findings.ts'
import type { Course, Findings } from './findings.ts'
import { openScene, printFailures } from './scene.ts'

/** Edits the manifests under load: no request fails, and each edit is live everywhere, the one before it nowhere. */
export async function editUnderLoad(course: Course): Promise<Findings> {
  const { lintel, folder, load } = await openScene(course, { rate: 200 })
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const tables = (): number => lintel.lines.filter(({ event }) => event === 'table').length
  const live: number[] = []
  const faults: string[] = []
  const check = async (host: string, status: number): Promise<void> => {
    const answer = await ask(ports, { method: 'GET', url: `http://${host}/x` })
    if (answer.status !== status) faults.push(`${host} answers ${answer.status}, not ${status}`)
  }
  for (let round = 0; course.goesOn(round); round++) {
    const known = tables()
    const begun = performance.now()
    const hosts = ['load.test', `edit-${round}.test`]
    const rules = hosts.map((host) => ({ host, service: 'load-svc' }))
    folder.write('load.yaml', printIngress('load', rules))
    await lintel.line(({ event }) => event === 'table' && tables() > known)
    live.push(performance.now() - begun)
    await check(`edit-${round}.test`, 200)
    await check(`edit-${round - 1}.test`, 404)
  }
  await load.answered(20)
  const ledger = await load.stop()
  return {
    figures: [
      { name: 'edits', value: live.length, unit: '' },
      { name: 'requests under load', value: ledger.length, unit: '' },
      longest('longest until live', live, 500),
    ],
    faults: [...faults, ...printFailures(ledger)],
  }
}
