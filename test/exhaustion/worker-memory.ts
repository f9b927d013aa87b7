import { once } from 'node:events'

import type { Lintel } from '../support/lintel.ts'
import { factsOf } from '../support/process-facts.ts'

/** Node's inspector of a worker, opened by a signal on a port of its own choice: nothing in the product serves this. */
export const inspectable = { NODE_OPTIONS: '--inspect-port=127.0.0.1:0' }

const measure = 'const { heapUsed, external } = process.memoryUsage(); heapUsed + external'

/** Octets of memory, when what nobody needs any more has been collected. */
export interface MemoryUse {
  /** Of objects and buffers. */
  readonly used: number
  readonly resident: number
}

/** What a worker holds on to. */
export class WorkerMemory {
  readonly #pid: number
  readonly #inspector: WebSocket
  #calls = 0

  private constructor(pid: number, inspector: WebSocket) {
    this.#pid = pid
    this.#inspector = inspector
  }

  static async of(lintel: Lintel, pid: number): Promise<WorkerMemory> {
    const { stderr } = lintel.process
    if (stderr === null) throw new Error('lintel has no standard error')
    process.kill(pid, 'SIGUSR1')
    const address = (): string | undefined => /ws:\/\/\S+(?=\s)/.exec(lintel.errors())?.[0]
    while (address() === undefined) await once(stderr, 'data')
    const inspector = new WebSocket(address() ?? '')
    await once(inspector, 'open')
    return new WorkerMemory(pid, inspector)
  }

  async use(): Promise<MemoryUse> {
    for (let time = 0; time < 2; time++) await this.#call('HeapProfiler.collectGarbage', {})
    const answer = await this.#call('Runtime.evaluate', { expression: `{ ${measure} }`, returnByValue: true })
    const used = Number(/"value":(\d+)/.exec(answer)?.[1])
    return { used, resident: factsOf(this.#pid).resident }
  }

  close(): void {
    this.#inspector.close()
  }

  async #call(method: string, params: object): Promise<string> {
    const id = ++this.#calls
    this.#inspector.send(JSON.stringify({ id, method, params }))
    for (;;) {
      const [message] = (await once(this.#inspector, 'message')) as [MessageEvent]
      const text = String(message.data)
      if (text.startsWith(`{"id":${id},`)) return text
    }
  }
}
