import { ask } from '../../support/http-client.ts'
import { printIngress } from '../../support/manifests.ts'
import { longest } from './findings.ts'
import type { Course, Findings } from './findings.ts'
import { openScene, printFailures } from './scene.ts'

/** Kills control under load: no request fails, and an edit made at that moment is live before long. */
export async function killControl(course: Course): Promise<Findings> {
  const { lintel, folder, load } = await openScene(course, { rate: 200 })
  const ports = { http: lintel.httpPort, https: lintel.httpsPort }
  const live: number[] = []
  for (let round = 0; course.goesOn(round); round++) {
    const host = `next-${round}.test`
    const [pid = 0] = lintel.pids('lintel: control')
    process.kill(pid, 'SIGKILL')
    const killed = performance.now()
    folder.write('next.yaml', printIngress('next', [{ host, service: 'load-svc' }]))
    while ((await ask(ports, { method: 'GET', url: `http://${host}/x` })).status !== 200) await load.answered(1)
    live.push(performance.now() - killed)
    await load.answered(50)
  }
  const ledger = await load.stop()
  return {
    figures: [
      { name: 'kills of control', value: live.length, unit: '' },
      { name: 'requests under load', value: ledger.length, unit: '' },
      longest('longest until the next edit was live', live, 2_000),
    ],
    faults: printFailures(ledger),
  }
}
