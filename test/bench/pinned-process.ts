import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { once } from 'node:events'

/** The proxy has a core to itself; the load, the back end and the bench share the other. */
export const proxyCore = '0'
export const loadCore = '1'
export const allCores = '0,1'

/** Starts a program on these cores; what it starts stays there too. */
export function spawnPinned(cores: string, command: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn('taskset', ['-c', cores, ...command], options)
  started.add(child)
  child.once('exit', () => started.delete(child))
  return child
}

/** Whatever ends the bench ends what it started. */
const started = new Set<ChildProcess>()
process.on('exit', () => started.forEach((child) => child.kill()))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}
