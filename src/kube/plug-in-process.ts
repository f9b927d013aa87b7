import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'

import type { KubeConfig } from '@kubernetes/client-node'

import type { Clock } from '../base/index.ts'

/** Less than a request waits for its answer, so that what went wrong can be told. */
export const plugInLimit = 10_000

/**
 * Plug-ins of this kubeconfig that have not ended by then are ended, with all that they started: the library waits for them
 * for ever. It has no public way to say so; a test shows that this one works.
 */
export function limitPlugIns(config: KubeConfig, clock: Clock): void {
  const execFn = (command: string, args: readonly string[] | undefined, options: SpawnOptions): ChildProcess =>
    spawnForAWhile(command, args ?? [], options, clock)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- private to the library, and so without a type
  const authenticators = config['authenticators'] as readonly object[]
  for (const authenticator of authenticators) if ('execFn' in authenticator) Object.assign(authenticator, { execFn })
}

/** In a process group of its own, which is ended as a whole. */
function spawnForAWhile(command: string, args: readonly string[], options: SpawnOptions, clock: Clock): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true })
  const stop = clock.after(plugInLimit, () => {
    child.emit('error', new Error(`the plug-in ${command} said nothing for ${plugInLimit / 1_000} s`))
    end(child)
  })
  child.once('close', stop)
  return child
}

/** The library waits until nobody holds the other ends of these pipes: somebody may who has left the group. */
function end({ pid, stdout, stderr }: ChildProcess): void {
  stdout?.destroy()
  stderr?.destroy()
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended by itself.
  }
}
