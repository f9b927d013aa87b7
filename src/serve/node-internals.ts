import { Socket } from 'node:net'

/**
 * The one file that uses what is not public API of Node. Sockets that we connect may read into a buffer of ours
 * (`onread`); those that we accept may not, although they are the same class. What `onread` sets is set here by hand.
 * Where any of it is missing nothing is done, and the socket is read by its `data` events.
 */
export interface OnRead {
  /** Where the next octets are to go. */
  readonly buffer: () => Uint8Array
  /** So many octets have come; answers false to stop reading. */
  readonly callback: (length: number) => boolean
}

const symbols = new Map(Object.getOwnPropertySymbols(new Socket()).map((symbol) => [symbol.description, symbol]))
const kBuffer = symbols.get('kBuffer')
const kBufferCallback = symbols.get('kBufferCb')
const kBufferGenerator = symbols.get('kBufferGen')

/** Has an accepted socket, plain or TLS, read into `onread`. Answers whether it does. */
export function readInto(socket: Socket, onread: OnRead): boolean {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (kBuffer === undefined || kBufferCallback === undefined || kBufferGenerator === undefined) return false
  if (!hasUserBuffer(handle) || socket.readableLength > 0) return false
  const first = onread.buffer()
  Reflect.set(socket, kBuffer, first)
  Reflect.set(socket, kBufferCallback, onread.callback)
  Reflect.set(socket, kBufferGenerator, onread.buffer)
  handle.useUserBuffer(first)
  return true
}

function hasUserBuffer(handle: unknown): handle is { useUserBuffer(buffer: Uint8Array): void } {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    'useUserBuffer' in handle &&
    typeof handle.useUserBuffer === 'function'
  )
}
