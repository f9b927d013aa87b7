import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'

import type { ChildMessage } from './serve-options.ts'

/** Where the system grants no further process, or the program is gone, there is none: it will never exit. */
export function wasBorn(child: ChildProcess): boolean {
  return child.pid !== undefined
}

/** Calls once when a child has ended, also one that the system never granted. */
export function onceGone(child: ChildProcess, gone: () => void): void {
  child.once('exit', gone)
  child.on('error', () => wasBorn(child) || gone())
}

/** A child that is gone hears nothing; its successor is told everything anew. */
export function tellChild(child: ChildProcess, message: ChildMessage): void {
  child.send(message, () => undefined)
}

/**
 * Gives a child a pipe, and closes our end: who has the other one would wait for ever for a child that died on the way. So
 * it is closed once it is on its way, where Node waits for the child to say that it has it, and at the child's death if it
 * still waits behind another.
 */
export function handOver(child: ChildProcess, message: ChildMessage, pipe: Socket): void {
  const close = (): void => void pipe.destroy()
  child.once('exit', close)
  child.send(message, pipe, { keepOpen: true }, () => {
    child.off('exit', close)
    close()
  })
}

/** The supervisor's end of a pipe that a child was born with. */
export function pipeOf(child: ChildProcess, descriptor: number): Socket {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an extra 'pipe' of spawn is a net.Socket
  return child.stdio[descriptor] as unknown as Socket
}
