import { randomFillSync } from 'node:crypto'

const idLength = 16
const pool = 256

/** Makes request ids: 32 hexadecimal digits, random. Randomness is fetched for many at a time. */
export function createRequestIds(): () => string {
  const random = Buffer.alloc(idLength * pool)
  let at = random.length
  return () => {
    if (at === random.length) {
      randomFillSync(random)
      at = 0
    }
    at += idLength
    return random.toString('hex', at - idLength, at)
  }
}
