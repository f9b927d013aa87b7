import { Socket } from 'node:net'

/**
 * The one file that uses what is not public API of Node. Sockets that we connect may read into a buffer of ours
 * (`onread`); those that we accept may not, although they are the same class, and neither can change the buffer later.
 * What `onread` sets is set here by hand. Where any of it is missing nothing is done, and the answer is false. How much
 * of a write has left is not public either.
 */
export interface OnRead {
  readonly buffer: Uint8Array
  /** So many octets have come; answers false to stop reading. */
  readonly callback: (length: number) => boolean
}

const symbols = new Map(Object.getOwnPropertySymbols(new Socket()).map((symbol) => [symbol.description, symbol]))
const kBuffer = symbols.get('kBuffer')
const kBufferCallback = symbols.get('kBufferCb')
const kBufferGenerator = symbols.get('kBufferGen')

/** Has an accepted socket, plain or TLS, read into `onread`. */
export function readInto(socket: Socket, { buffer, callback }: OnRead): boolean {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (kBuffer === undefined || kBufferCallback === undefined || kBufferGenerator === undefined) return false
  if (!hasUserBuffer(handle) || socket.readableLength > 0) return false
  Reflect.set(socket, kBuffer, buffer)
  Reflect.set(socket, kBufferCallback, callback)
  Reflect.set(socket, kBufferGenerator, null)
  handle.useUserBuffer(buffer)
  return true
}

/** Called inside `callback`: the reads that follow go to what `next` answers. */
export function readOnInto(socket: Socket, next: () => Uint8Array): boolean {
  if (kBufferGenerator === undefined) return false
  return Reflect.set(socket, kBufferGenerator, () => {
    Reflect.set(socket, kBufferGenerator, null)
    return next()
  })
}

/** Octets of the write under way that the kernel has not taken yet; 0 where Node does not say. */
export function writeQueueOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (typeof handle !== 'object' || handle === null || !('writeQueueSize' in handle)) return 0
  return Number(handle.writeQueueSize)
}

function hasUserBuffer(handle: unknown): handle is { useUserBuffer(buffer: Uint8Array): void } {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    'useUserBuffer' in handle &&
    typeof handle.useUserBuffer === 'function'
  )
}
