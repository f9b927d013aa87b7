import type { Writable } from 'node:stream'

/** Does slow things, all by one timer, however many they are. */
export class Pacemaker {
  readonly #steps = new Set<() => boolean>()
  readonly #timer: NodeJS.Timeout

  /** `pace`: milliseconds from one step to the next. */
  constructor(pace: number) {
    this.#timer = setInterval(() => this.#beat(), pace)
  }

  /** Calls `step` at every beat until it answers false. */
  repeat(step: () => boolean): void {
    this.#steps.add(step)
  }

  /** Writes an octet at every beat, as long as there are any and somebody takes them. */
  trickle(to: Writable, text: string): void {
    let at = 0
    this.repeat(() => {
      if (at === text.length || !to.writable) return false
      to.write(text.charAt(at++), 'latin1')
      return true
    })
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    for (const step of this.#steps) if (!step()) this.#steps.delete(step)
  }
}
