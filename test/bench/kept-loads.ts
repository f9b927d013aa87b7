import type { Running } from './candidates/index.ts'
import type { Load } from './native-load.ts'

/** One load for each proxy, for all rounds of a cell: that connections come and go costs time, and leaves garbage, in no sample. */
export class KeptLoads implements AsyncDisposable {
  readonly #loads = new Map<Running, Promise<Load>>()

  of(running: Running, open: () => Promise<Load>): Promise<Load> {
    const load = this.#loads.get(running) ?? open()
    this.#loads.set(running, load)
    return load
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const load of this.#loads.values()) await load.then(({ close }) => close()).catch(() => undefined)
  }
}
