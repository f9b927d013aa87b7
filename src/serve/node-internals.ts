import { Socket } from 'node:net'

/**
 * The one file that uses what is not public API of Node. A request costs four calls of the kernel; the streams of Node
 * between those and us cost some 5 % of all of it, and hold nothing that we need as long as a peer keeps up. So octets
 * that were read come here from the handle of a socket, and text leaves by it. Where any of this is missing nothing is
 * done, and the answer says so: the public way is always there.
 */

/** Whoever reads from a socket. */
export interface DirectReader {
  /** Where octets are read to. What it is after a call of `read` counts for the next one. */
  readonly buffer: Uint8Array
  /** So many octets have come; answers false to stop reading. */
  read(length: number): boolean
}

/** Whoever writes to a socket. One of the two is called for each text that the kernel did not take at once. */
export interface DirectWriter {
  /** It has taken all of it now. */
  written(): void
  /** It never will. */
  failed(): void
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

const kReader = Symbol('reader')

/** A connection has one: so no function is made for it, and what it needs hangs on it. */
interface ReadingHandle {
  [kReader]?: DirectReader
  reading: boolean
  onread: (this: ReadingHandle, octets: unknown) => unknown
  useUserBuffer(buffer: Uint8Array): void
  readStop(): number
}

export interface WritingHandle {
  writeLatin1String(request: WriteRequest, text: string): number
}

const binding = findBinding()
const kBuffer = Object.getOwnPropertySymbols(new Socket()).find(({ description }) => description === 'kBuffer')
/** What Node puts on every handle. It goes on to hear of the end and of errors. */
let readByNode: ReadingHandle['onread'] = () => undefined

/** Has a connected socket, plain or TLS, read into the buffer of `reader`, or answers false. */
export function readDirectly(socket: Socket, reader: DirectReader): boolean {
  const handle = handleOf(socket)
  if (binding === undefined || kBuffer === undefined || !isReading(handle) || socket.readableLength > 0) return false
  // One that we connected has it already: a second time would put another listener on the first.
  if (Reflect.get(socket, kBuffer) !== reader.buffer) {
    Reflect.set(socket, kBuffer, reader.buffer) // what pause() and resume() go by
    handle.useUserBuffer(reader.buffer)
  }
  readByNode = handle.onread
  handle[kReader] = reader
  handle.onread = onread
  return true
}

function onread(this: ReadingHandle, octets: unknown): unknown {
  const reader = this[kReader]
  const length = binding?.streamBaseState[binding.kReadBytesOrError] ?? 0
  if (reader === undefined || length <= 0) return readByNode.call(this, octets)
  const { buffer } = reader
  if (!reader.read(length)) {
    this.reading = false
    this.readStop()
  }
  return reader.buffer === buffer ? undefined : reader.buffer
}

/** By which text is written to a connected plain socket; undefined where there is no such way. */
export function writingHandle(socket: Socket): WritingHandle | undefined {
  const handle = handleOf(socket)
  return binding !== undefined && isWriting(handle) ? handle : undefined
}

/** Few writes are not done at once, and only those need a request of their own. */
let spare: WriteRequest = binding === undefined ? {} : new binding.WriteWrap()

/** Writes text, one char an octet. Answers whether the kernel took all of it. */
export function writeDirectly(handle: WritingHandle, text: string, writer: DirectWriter): boolean {
  const status = handle.writeLatin1String(spare, text)
  if (binding === undefined || (status === 0 && binding.streamBaseState[binding.kLastWriteWasAsync] === 0)) return true
  spare.oncomplete = (outcome) => (outcome < 0 ? writer.failed() : writer.written())
  spare = new binding.WriteWrap()
  if (status !== 0) writer.failed()
  return false
}

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
