import type { Lintel } from '../../support/lintel.ts'
import { failures } from '../../support/load.ts'
import { clientPortsOf } from '../../support/process-facts.ts'
import { RawClient } from '../../support/raw-client.ts'
import { longest } from './findings.ts'
import type { Course, Findings } from './findings.ts'
import { openScene } from './scene.ts'

/** Kills workers under load: only requests on connections that the killed one held may fail, and only by a reset. */
export async function killWorkers(course: Course): Promise<Findings> {
  const { lintel, load } = await openScene(course, { rate: 100, delay: 5 })
  const lost = new Set<number>()
  const replaced: number[] = []
  for (let round = 0; course.goesOn(round); round++) {
    const title = `lintel: worker ${(round % 2) + 1}`
    const [pid = 0] = lintel.pids(title)
    // Stopped first, so that what it holds cannot change between the look and the kill.
    process.kill(pid, 'SIGSTOP')
    for (const port of clientPortsOf(pid, lintel.httpPort)) lost.add(port)
    process.kill(pid, 'SIGKILL')
    replaced.push(await untilServed(lintel, title, pid))
    await load.answered(20)
  }
  const ledger = await load.stop()
  const failed = failures(ledger)
  const unexplained = failed.filter(
    ({ outcome, clientPort }) => outcome !== 'reset' || clientPort === undefined || !lost.has(clientPort),
  )
  return {
    figures: [
      { name: 'kills', value: replaced.length, unit: '' },
      { name: 'requests', value: ledger.length, unit: '' },
      { name: 'connections held by the killed', value: lost.size, unit: '' },
      { name: 'requests failed on them', value: failed.length, unit: '' },
      longest('longest until the successor served', replaced, 1_000),
    ],
    faults: unexplained.map(({ path, outcome, detail }) => `${path} on another connection: ${outcome} ${detail}`),
  }
}

/** Milliseconds until another process of that title answers on a connection. */
async function untilServed(lintel: Lintel, title: string, gone: number): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const client = await RawClient.connect(lintel.httpPort)
    client.send('GET /successor HTTP/1.1\r\nHost: load.test\r\n\r\n')
    const isAnswered = await client.until('200 OK').then(
      () => true,
      () => false,
    )
    const { localPort = 0 } = client.socket
    const [successor = gone] = lintel.pids(title).filter((pid) => pid !== gone)
    const isServed = isAnswered && successor !== gone && clientPortsOf(successor, lintel.httpPort).has(localPort)
    client.close()
    if (isServed) return performance.now() - begun
  }
}
