import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A path that was asked for and is not there. */
export class PathNotFound extends Error {
  readonly path: string

  constructor(path: string) {
    super(`${path}: there is no such file or folder`)
    this.path = path
  }
}

/** A file with what tells that it has changed. */
export interface FoundFile {
  readonly path: string
  readonly signature: string
  readonly size: number
}

/** A file or folder of which nothing could be learnt, and why. */
export interface Closed {
  readonly path: string
  readonly problem: string
}

export interface Found {
  readonly files: readonly FoundFile[]
  /** Every folder that was looked into. */
  readonly folders: readonly string[]
  readonly closed: readonly Closed[]
}

const manifest = /\.(ya?ml|json)$/i
const deepest = 16

/**
 * Finds manifests: named files whatever they are called, and *.yaml, *.yml, *.json below named folders. Names that begin
 * with a dot are passed over; in a mounted ConfigMap they hold the very files that stand beside them as links. A folder
 * is looked into once, however many links lead to it.
 */
export async function findFiles(paths: readonly string[]): Promise<Found> {
  const files: FoundFile[] = []
  const folders: string[] = []
  const closed: Closed[] = []
  const entered = new Set<string>()
  const look = async (path: string, depth: number, named: boolean): Promise<void> => {
    const give =
      <T>(otherwise: T) =>
      (error: unknown): T => {
        if (!isGone(error)) closed.push({ path, problem: problemOf(error) })
        return otherwise
      }
    const stats = await stat(path, { bigint: true }).catch(give(undefined))
    if (stats === undefined) return
    if (stats.isDirectory()) {
      const folder = `${stats.dev} ${stats.ino}`
      if (depth >= deepest || entered.has(folder)) return
      entered.add(folder)
      folders.push(path)
      const names = await readdir(path).catch(give<string[]>([]))
      for (const name of names.toSorted((a, b) => (a < b ? -1 : 1)))
        if (!name.startsWith('.')) await look(join(path, name), depth + 1, false)
    } else if (stats.isFile() && (named || manifest.test(path))) {
      files.push({
        path,
        signature: `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`,
        size: Number(stats.size),
      })
    }
  }
  for (const path of paths) await look(path, 0, true)
  return { files, folders, closed }
}

export function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

/** Rejects with `PathNotFound` for the first path that is not there. Of one that may not be looked at nobody knows. */
export async function requirePaths(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await stat(path).catch((error: unknown) => {
      if (isGone(error)) throw new PathNotFound(path)
    })
  }
}
