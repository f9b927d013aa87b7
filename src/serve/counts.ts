import type { DroppedField } from '../http/index.ts'
import { countSlots, droppedFieldSlot, requestSlot } from '../model/index.ts'
import type { AnswerReason, FieldSender } from '../model/index.ts'

/** What a worker has counted since it was started. To a request it costs one addition in an array. */
export class Counts {
  readonly #totals = new Float64Array(countSlots.length)
  readonly #told = new Float64Array(countSlots.length)

  /** A request has ended. `reason`: undefined if the answer was the upstream's. */
  request(status: number, reason: AnswerReason | undefined): void {
    this.#add(requestSlot(status, reason))
  }

  /** Fields that did not go on. */
  dropped(from: FieldSender, fields: readonly DroppedField[]): void {
    for (const { reason } of fields) this.#add(droppedFieldSlot(from, reason))
  }

  /** Of something that is counted elsewhere: the total so far. */
  note(slot: number, total: number): void {
    this.#totals[slot] = total
  }

  /** What has come since it was last asked: pairs of slot and number. */
  takeNews(): number[] {
    const news: number[] = []
    for (const [slot, total] of this.#totals.entries()) {
      const more = total - (this.#told[slot] ?? 0)
      if (more > 0) news.push(slot, more)
    }
    this.#told.set(this.#totals)
    return news
  }

  #add(slot: number): void {
    this.#totals[slot] = (this.#totals[slot] ?? 0) + 1
  }
}
