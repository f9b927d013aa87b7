import type { Clock } from '../base/index.ts'

/** A round: everything there is to do now. Resolves with the milliseconds after which another is due, if one is. */
export type Round = () => Promise<number | undefined>

/** Plays a round after each note, one at a time: what happens during a round is looked at by the next one. */
export class Rounds {
  readonly #round: Round
  readonly #clock: Clock
  readonly #signal: AbortSignal
  #noted = false
  #playing = false
  #cancel: (() => void) | undefined

  constructor(round: Round, clock: Clock, signal: AbortSignal) {
    this.#round = round
    this.#clock = clock
    this.#signal = signal
    signal.addEventListener('abort', () => this.#cancel?.(), { once: true })
  }

  note(): void {
    this.#noted = true
    if (!this.#playing) void this.#play()
  }

  async #play(): Promise<void> {
    this.#playing = true
    while (this.#noted && !this.#signal.aborted) {
      this.#noted = false
      this.#cancel?.()
      const due = await this.#round()
      if (due !== undefined && !this.#signal.aborted) this.#cancel = this.#clock.after(due, () => this.note())
    }
    this.#playing = false
  }
}
