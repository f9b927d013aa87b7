import type { Socket } from 'node:net'

import { FrameReader, printFrames } from './frames.ts'

/** One end of a private pipe between two processes of ours. */
export interface Pipe<Out> {
  send(message: Out): void
  /** The frames of messages that were printed before. */
  write(frames: Buffer): void
  /** Lets the other end see the end of the pipe. */
  close(): void
}

export interface PipeEvents<In> {
  message(message: In): void
  closed(): void
}

/** Above this many octets that wait to be read, the other end is made to wait. */
const highWater = 1024 * 1024

/**
 * Speaks messages over a socket. One frame is handled per turn of the loop, so that a table of any size never holds up
 * traffic for longer than one frame takes.
 */
export function openPipe<In, Out>(socket: Socket, events: PipeEvents<In>): Pipe<Out> {
  const reader = new FrameReader()
  const write = (frames: Buffer): void => void (socket.writable && socket.write(frames))
  let scheduled = false
  const turn = (): void => {
    scheduled = false
    const taken = reader.waiting ? reader.take() : undefined
    if (reader.waiting) schedule()
    else socket.resume()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are this very program
    if (taken !== undefined) events.message(taken.message as In)
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(turn)
  }
  let held = 0
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk)
    held += chunk.length
    if (held > highWater) {
      held = 0
      socket.pause()
    }
    schedule()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => events.closed())
  return {
    send: (message) => write(printFrames(message)),
    write,
    close: () => void socket.end(),
  }
}
