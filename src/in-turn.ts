/** Calls come one after another, in their order, each when the one before has ended. */
export function inTurn<T>(work: (given: T) => Promise<void>): (given: T) => Promise<void> {
  let last = Promise.resolve()
  return (given) => (last = last.then(() => work(given)))
}
