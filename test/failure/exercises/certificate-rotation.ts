import { connect } from 'node:tls'

import { makeTestCertificate } from '../../support/certificates.ts'
import type { Lintel } from '../../support/lintel.ts'
import { startLintel } from '../../support/lintel.ts'
import { makeManifestFolder, printIngress, printSecret } from '../../support/manifests.ts'
import { longest } from './findings.ts'
import type { Course, Findings } from './findings.ts'

const host = 'rotated.test'
/** Handshakes that are under way at any time. */
const lanes = 4

/** Replaces a Secret under handshakes: none fails, and from each table on the new certificate alone is shown. */
export async function rotateCertificate(
  course: Course,
  pause: () => Promise<void> = async () => {},
): Promise<Findings> {
  const folder = makeManifestFolder()
  course.after(() => folder.remove())
  await writeSecret(folder, 0)
  const tls = { tls: [{ hosts: [host], secretName: 'rotated' }] }
  folder.write('site.yaml', printIngress('site', [{ host, service: 'site' }], tls))
  const lintel = await startLintel(['--workers', '2', '--echo', folder.path])
  course.after(() => lintel.stop('SIGKILL'))
  const handshakes = new Handshakes(lintel)
  const live: number[] = []
  for (let round = 1; course.goesOn(round - 1); round++) {
    const known = tables(lintel)
    const begun = await writeSecret(folder, round)
    await lintel.line(({ event }) => event === 'table' && tables(lintel) > known)
    live.push(performance.now() - begun)
    handshakes.oldest = round
    await handshakes.further(8)
    await pause()
  }
  await handshakes.stop()
  return {
    figures: [
      { name: 'rotations', value: live.length, unit: '' },
      { name: 'handshakes', value: handshakes.count, unit: '' },
      longest('longest until the new pair was shown', live, 1_000),
    ],
    faults: handshakes.faults,
  }
}

function tables(lintel: Lintel): number {
  return lintel.lines.filter(({ event }) => event === 'table').length
}

/** The generation of a certificate stands in its subject. Answers when it was written. */
async function writeSecret(folder: { write(name: string, text: string): void }, generation: number): Promise<number> {
  const certificate = await makeTestCertificate(String(generation), [host], generation % 4 === 3 ? 'rsa' : 'ec')
  folder.write('secret.yaml', printSecret('rotated', certificate))
  return performance.now()
}

/** New connections one after another on several lanes, each with a whole handshake. */
class Handshakes {
  readonly faults: string[] = []
  count = 0
  /** What a handshake that begins now has to be shown at least. */
  oldest = 0
  #stopped = false
  readonly #port: number
  readonly #lanes: Promise<void>[]

  constructor({ httpsPort }: Lintel) {
    this.#port = httpsPort
    this.#lanes = Array.from({ length: lanes }, () => this.#run())
  }

  async further(count: number): Promise<void> {
    const goal = this.count + count
    while (this.count < goal) await this.#one()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#lanes)
  }

  async #run(): Promise<void> {
    while (!this.#stopped) await this.#one()
  }

  #one(): Promise<void> {
    const { oldest } = this
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: this.#port, servername: host, rejectUnauthorized: false })
      socket.once('secureConnect', () => {
        const shown = Number(socket.getPeerCertificate().subject.CN)
        if (!(shown >= oldest)) this.faults.push(`certificate ${shown} was shown after ${oldest}`)
        socket.destroy()
      })
      socket.once('error', (error) => this.faults.push(String(error)))
      socket.once('close', () => {
        this.count++
        resolve()
      })
    })
  }
}
