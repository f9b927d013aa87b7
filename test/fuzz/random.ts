/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** From 0 up to, not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }

  pick<T>(from: readonly T[]): T {
    const found = from[this.below(from.length)]
    if (found === undefined) throw new RangeError('nothing to pick from')
    return found
  }
}

/** A generator that goes by a text, so that whatever is drawn for an input is drawn again when it is replayed. */
export function randomOf(text: string): Random {
  let hash = 0x81_1c_9d_c5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93)
  return new Random(hash)
}

/** Up to `most` places at which a text is cut, in order. */
export function cutsOf(text: string, most: number): number[] {
  const random = randomOf(text)
  const cuts = Array.from({ length: random.below(most + 1) }, () => random.below(text.length + 1))
  return cuts.toSorted((a, b) => a - b)
}
