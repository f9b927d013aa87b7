import { ask } from '../../support/http-client.ts'
import type { Lintel } from '../../support/lintel.ts'
import { bodyOf } from '../../support/load-upstream.ts'

/** Asks good routes, and notes each wrong answer. */
export class Visitor {
  readonly faults: string[] = []
  readonly #lintel: Lintel
  readonly #hosts: readonly string[]
  #visits = 0

  constructor(lintel: Lintel, hosts: readonly string[]) {
    this.#lintel = lintel
    this.#hosts = hosts
  }

  get visits(): number {
    return this.#visits
  }

  async visitAll(): Promise<void> {
    for (const _ of this.#hosts) await this.visitNext()
  }

  async visitNext(): Promise<void> {
    const host = this.#hosts[this.#visits % this.#hosts.length] ?? ''
    const path = `/load/${this.#visits++}`
    const { status, body } = await this.#ask(`http://${host}${path}`)
    if (status !== 200 || body !== bodyOf(path)) this.faults.push(`${host}${path}: ${status} ${body.slice(0, 80)}`)
  }

  /** Resolves once this host is served: what was created before is then known as well. */
  async until(host: string): Promise<void> {
    while ((await this.#ask(`http://${host}/load/x`)).status !== 200);
  }

  #ask(url: string): Promise<{ readonly status: number; readonly body: string }> {
    return ask({ http: this.#lintel.httpPort, https: this.#lintel.httpsPort }, { method: 'GET', url })
  }
}
