/** Time, handed in so that tests can drive it. All in milliseconds. */
export interface Clock {
  /** Monotonic. */
  now(): number
  /** Wall clock, since the epoch: for display and certificates only. */
  wall(): number
  /** Calls back once; the answer cancels. Does not keep the process alive. */
  after(ms: number, call: () => void): () => void
  /** Calls back again and again; the answer cancels. Does not keep the process alive. */
  every(ms: number, call: () => void): () => void
}
