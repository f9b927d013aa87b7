import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded with `--import` into the processes of a Lintel that is measured, which know nothing of it. At SIGUSR2 it writes
 * the longest time, in milliseconds, for which a timer of 1 ms did not get its turn since the last time it was asked.
 */
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('SIGUSR2', () => {
  const { LINTEL_BENCH_TURNS: folder = '' } = process.env
  const path = `${folder}/${process.pid}.turns`
  writeFileSync(`${path}.new`, String(delay.max / 1e6))
  renameSync(`${path}.new`, path)
  delay.reset()
})
