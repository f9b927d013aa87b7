import { totalmem } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The programs that the supervisor starts. */
export type Entry = 'controller' | 'worker' | 'echo'

const mebibyte = 1024 * 1024
/** Of a worker's share of the memory. The rest holds octets on their way, TLS and code; control lives from it too. */
const heapPart = 0.5
const smallestHeap = 64

/** What Node is started with for one of them. */
export function argumentsOf(entry: Entry, workers: number): string[] {
  const file = fileURLToPath(new URL(`./${entry}${extname(import.meta.filename)}`, import.meta.url))
  return entry === 'worker' ? [...heapFlags(workers, process.constrainedMemory(), totalmem()), file] : [file]
}

/** So that all workers together stay within `limit`, the octets that the cgroup grants; 0, or more than there are: none. */
export function heapFlags(workers: number, limit: number, machine: number): string[] {
  if (limit === 0 || limit >= machine) return []
  const heap = Math.floor((limit * heapPart) / workers / mebibyte)
  return [`--max-old-space-size=${Math.max(smallestHeap, heap)}`]
}
