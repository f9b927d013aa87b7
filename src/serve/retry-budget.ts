const share = 0.2
const least = 3

/**
 * Bounds retries to a share of what is under way for the first time, so that they cannot make an overload worse. A request
 * is under way until its answer begins: how long that goes on is its back end's affair, and no reason to deny others a retry.
 */
export class RetryBudget {
  #live = 0
  #retrying = 0

  begin(): void {
    this.#live++
  }

  end(retried: boolean): void {
    this.#live--
    if (retried) this.#retrying--
  }

  /** Takes one retry out of the budget, to be given back by `end`; answers whether there was one. */
  take(): boolean {
    if (this.#retrying >= Math.max(least, (this.#live - this.#retrying) * share)) return false
    this.#retrying++
    return true
  }
}
