import type { ControlMessage, ServingState } from '../model/index.ts'
import { changesBetween, emptyState } from './changes.ts'
import { printFrames } from './frames.ts'

/** What a worker that holds one state is sent for another one. */
interface Version {
  readonly number: number
  readonly before: ServingState
  readonly after: ServingState
}

/** Prints versions, and remembers the last one: workers that hold the same are sent the same octets. */
export class VersionPrinter {
  #last: (Version & { readonly octets: Buffer }) | undefined

  print({ number, before, after }: Version): Buffer {
    const last = this.#last
    if (last?.number === number && last.before === before && last.after === after) return last.octets
    const octets = printVersion({ number, before, after })
    this.#last = { number, before, after, octets }
    return octets
  }
}

function printVersion({ number, before, after }: Version): Buffer {
  const messages: readonly ControlMessage[] = [
    { type: 'begin', version: number, fresh: before === emptyState },
    ...changesBetween(before, after),
    { type: 'commit', version: number },
  ]
  return Buffer.concat(messages.map(printFrames))
}
