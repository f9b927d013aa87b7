import type { Random } from './random.ts'

/** What mutation draws from: pieces that matter to parsers, and inputs to cross with. */
export interface Material {
  readonly dictionary: readonly string[]
  readonly pool: readonly string[]
}

const longestInput = 4_096

/** Text is latin1: one char is one octet. */
type Mutator = (text: string, random: Random, material: Material) => string

function splice(text: string, at: number, removed: number, added: string): string {
  return text.slice(0, at) + added + text.slice(at + removed)
}

/** Start and length of a run within a text. */
function runIn(text: string, random: Random, longest: number): readonly [at: number, length: number] {
  const at = random.below(text.length + 1)
  return [at, random.below(Math.min(longest, text.length - at) + 1)]
}

const mutators: readonly Mutator[] = [
  function flipBit(text, random) {
    const at = random.below(text.length)
    return splice(text, at, 1, String.fromCharCode((text.charCodeAt(at) ^ (1 << random.below(8))) & 0xff))
  },
  function setOctet(text, random) {
    return splice(text, random.below(text.length), 1, String.fromCharCode(random.below(256)))
  },
  function insertPiece(text, random, { dictionary }) {
    return splice(text, random.below(text.length + 1), 0, random.pick(dictionary))
  },
  function insertPieceAtLine(text, random, { dictionary }) {
    const lines = text.split('\r\n')
    return lines.toSpliced(random.below(lines.length), random.below(2), random.pick(dictionary)).join('\r\n')
  },
  function replaceByPiece(text, random, { dictionary }) {
    const [at, length] = runIn(text, random, 12)
    return splice(text, at, length, random.pick(dictionary))
  },
  function remove(text, random) {
    const [at, length] = runIn(text, random, 16)
    return splice(text, at, length, '')
  },
  function duplicate(text, random) {
    const [at, length] = runIn(text, random, 64)
    return splice(text, at, 0, text.slice(at, at + length))
  },
  function duplicateLine(text, random) {
    const lines = text.split('\r\n')
    return lines.toSpliced(random.below(lines.length + 1), 0, random.pick(lines)).join('\r\n')
  },
  function repeat(text, random) {
    const [at, length] = runIn(text, random, 4)
    return splice(text, at, length, text.slice(at, at + length).repeat(1 + random.below(80)))
  },
  function truncate(text, random) {
    return text.slice(0, random.below(text.length + 1))
  },
  function cross(text, random, { pool }) {
    const other = random.pick(pool)
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1))
  },
  function crossAtLine(text, random, { pool }) {
    const own = text.split('\r\n')
    const other = random.pick(pool).split('\r\n')
    return [...own.slice(0, random.below(own.length + 1)), ...other.slice(random.below(other.length + 1))].join('\r\n')
  },
  function percentEncode(text, random) {
    const at = random.below(text.length)
    return splice(text, at, 1, `%${(text.charCodeAt(at) || 0).toString(16).padStart(2, '0')}`)
  },
]

/** Another input, by one to four changes. */
export function mutate(text: string, random: Random, material: Material): string {
  let changed = text
  for (let left = 1 + random.below(4); left > 0; left--) changed = random.pick(mutators)(changed, random, material)
  return changed.slice(0, longestInput)
}

/** The shortest input found that still fails, by leaving out ever smaller runs. */
export async function minimise(text: string, fails: (text: string) => Promise<boolean>): Promise<string> {
  let shortest = text
  for (let length = Math.ceil(text.length / 2); length >= 1; length = length === 1 ? 0 : Math.ceil(length / 2)) {
    for (let at = 0; at < shortest.length;) {
      const candidate = splice(shortest, at, length, '')
      // oxlint-disable-next-line no-await-in-loop -- each candidate builds on the one before
      if (await fails(candidate)) shortest = candidate
      else at += length
    }
  }
  return shortest
}
