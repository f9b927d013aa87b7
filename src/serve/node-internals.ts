import { Socket } from 'node:net'

/**
 * The one file that uses what is not public API of Node. A request costs four calls of the kernel; the streams of Node
 * between those and us cost a fifth of all the rest, and hold nothing that we need as long as a peer keeps up. So octets
 * that were read come here from the handle of a socket, and text leaves by it. Where any of this is missing nothing is
 * done, and the answer says so: the public way is always there.
 */

/** Whoever reads from a socket. */
export interface OnRead {
  /** Where octets are read to. What it is after a call of `callback` counts for the next read. */
  readonly buffer: Uint8Array
  /** So many octets have come; answers false to stop reading. */
  readonly callback: (length: number) => boolean
}

/** A write that is under way. Node calls `oncomplete` if it was not done at once. */
interface WriteRequest {
  oncomplete?: (status: number) => void
}

/** How the handles of sockets tell what came of a call: numbers at these places. */
interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest
  readonly streamBaseState: Int32Array
  readonly kReadBytesOrError: number
  readonly kLastWriteWasAsync: number
}

interface ReadingHandle {
  reading: boolean
  onread: (this: unknown, octets: unknown) => unknown
  useUserBuffer(buffer: Uint8Array): void
  readStop(): number
}

interface WritingHandle {
  writeLatin1String(request: WriteRequest, text: string): number
}

const binding = findBinding()
const kBuffer = Object.getOwnPropertySymbols(new Socket()).find(({ description }) => description === 'kBuffer')

/** Has a connected socket, plain or TLS, read into `onRead`, and into another buffer as soon as that names one. */
export function readDirectly(socket: Socket, onRead: OnRead): boolean {
  const handle = handleOf(socket)
  if (binding === undefined || kBuffer === undefined || !isReading(handle) || socket.readableLength > 0) return false
  const { streamBaseState, kReadBytesOrError } = binding
  const readByNode = handle.onread
  let { buffer } = onRead
  if (Reflect.get(socket, kBuffer) === null) {
    Reflect.set(socket, kBuffer, buffer) // what pause() and resume() go by
    handle.useUserBuffer(buffer)
  }
  handle.onread = function onread(octets) {
    const length = streamBaseState[kReadBytesOrError] ?? 0
    if (length <= 0) return readByNode.call(this, octets)
    if (!onRead.callback(length) && !socket.destroyed) {
      handle.reading = false
      handle.readStop()
    }
    return onRead.buffer === buffer ? undefined : (buffer = onRead.buffer)
  }
  return true
}

/** Writes text, one char an octet, to one connected plain socket. */
export interface DirectWriter {
  /** Answers whether the kernel took all of it. If not, `written` is called once it has; `failed` if it never will. */
  write(text: string): boolean
}

/** Undefined where there is no such way. */
export function openDirectWriter(
  socket: Socket,
  events: { readonly written: () => void; readonly failed: () => void },
): DirectWriter | undefined {
  const handle = handleOf(socket)
  if (binding === undefined || !isWriting(handle)) return undefined
  const { WriteWrap, streamBaseState, kLastWriteWasAsync } = binding
  const complete = (status: number): void => (status < 0 ? events.failed() : events.written())
  return {
    write(text) {
      const status = handle.writeLatin1String(spare, text)
      if (status === 0 && streamBaseState[kLastWriteWasAsync] === 0) return true
      spare.oncomplete = complete
      spare = new WriteWrap()
      if (status !== 0) events.failed()
      return false
    },
  }
}

/** Few writes are not done at once, and only those need a request of their own. */
let spare: WriteRequest = binding === undefined ? {} : new binding.WriteWrap()

/** Octets of the write under way that the kernel has not taken yet; 0 where Node does not say. */
export function writeQueueOf(socket: Socket): number {
  const handle = handleOf(socket)
  if (typeof handle !== 'object' || handle === null || !('writeQueueSize' in handle)) return 0
  return Number(handle.writeQueueSize)
}

function handleOf(socket: Socket): unknown {
  return Reflect.get(socket, '_handle')
}

function isReading(handle: unknown): handle is ReadingHandle {
  return hasMethods(handle, ['onread', 'useUserBuffer', 'readStop'])
}

function isWriting(handle: unknown): handle is WritingHandle {
  return hasMethods(handle, ['writeLatin1String'])
}

/** Node hands this binding to anybody who asks, but for the permission model. */
function findBinding(): StreamBinding | undefined {
  try {
    const found: unknown = Reflect.get(process, 'binding').call(process, 'stream_wrap')
    return isStreamBinding(found) ? found : undefined
  } catch {
    return undefined
  }
}

function isStreamBinding(found: unknown): found is StreamBinding {
  if (!hasMethods(found, ['WriteWrap'])) return false
  const { streamBaseState, kReadBytesOrError, kLastWriteWasAsync } = found
  return (
    streamBaseState instanceof Int32Array &&
    typeof kReadBytesOrError === 'number' &&
    typeof kLastWriteWasAsync === 'number'
  )
}

function hasMethods(object: unknown, names: readonly string[]): object is Record<string, unknown> {
  if (typeof object !== 'object' || object === null) return false
  return names.every((name) => typeof Reflect.get(object, name) === 'function')
}
