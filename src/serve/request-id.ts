import { randomFillSync } from 'node:crypto'

const idLength = 16
/** Ids for which randomness is fetched at a time. */
const pool = 256
/** Ids that are printed at a time. Each keeps the text of all of them in memory for as long as it lives. */
const printed = 16

/** Makes request ids: 32 hexadecimal digits, random. */
export function createRequestIds(): () => string {
  const random = Buffer.alloc(idLength * pool)
  let next = random.length
  let text = ''
  let at = 0
  const print = (): void => {
    if (next === random.length) {
      randomFillSync(random)
      next = 0
    }
    text = random.toString('hex', next, (next += idLength * printed))
    at = 0
  }
  return () => {
    if (at === text.length) print()
    return text.slice(at, (at += 2 * idLength))
  }
}
