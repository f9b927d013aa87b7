import { readFile, realpath } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'

import type { Clock } from '../base/index.ts'
import type { KindDescriptor, Snapshot, SourceObject } from '../model/index.ts'
import { findFiles, problemOf } from './find-files.ts'
import type { Closed, Found, FoundFile } from './find-files.ts'
import { GoodSecrets } from './good-secrets.ts'
import type { JudgeSecret } from './good-secrets.ts'
import { readManifest, unreadable } from './manifest-file.ts'
import type { ManifestFile, PlacedObject } from './manifest-file.ts'
import { keyOf, snapshotOf } from './manifest-snapshot.ts'
import { latest, Pending, quiet } from './pending.ts'
import type { Source, SourceChange } from './source.ts'
import { FolderWatch } from './watch-folders.ts'
import { YamlSyntaxError } from './yaml.ts'

/** A file that became empty, or vanished, is looked at once more: many programs do that before they write it anew. */
const secondLook = 100
/** Where folders cannot be watched they are looked at; where they are watched too, since some file systems do not tell. */
const unwatchedPeriod = 250
const watchedPeriod = 5_000

export interface FilesOptions {
  readonly paths: readonly string[]
  /** Stands for the path `-`; a char an octet. */
  readonly standardInput: string | undefined
}

interface ReadFile extends ManifestFile {
  readonly signature: string
}

/**
 * Manifests on disk as snapshots. It remembers two things: of a file that does not parse, the objects that it last
 * gave; of a Secret that is broken, the last good one.
 */
export class FilesSource implements Source {
  readonly #options: FilesOptions
  readonly #kinds: readonly KindDescriptor[]
  readonly #clock: Clock
  #files = new Map<string, ReadFile>()
  #objects: ReadonlyMap<string, SourceObject> = new Map()
  readonly #goodSecrets: GoodSecrets
  /** Files that became empty or vanished, with the time of the first look. */
  readonly #doubted = new Map<string, number>()

  constructor(options: FilesOptions, kinds: readonly KindDescriptor[], judge: JudgeSecret, clock: Clock) {
    this.#options = options
    this.#kinds = kinds
    this.#goodSecrets = new GoodSecrets(judge)
    this.#clock = clock
  }

  /** Everything as it is now. */
  covers(): boolean {
    return true
  }

  async read(): Promise<Snapshot> {
    const { snapshot } = await this.#look(await findFiles(this.#paths))
    return snapshot
  }

  /** The first change is everything; later ones come as files change, until the signal. Only the newest state waits. */
  async *changes(signal: AbortSignal): AsyncGenerator<SourceChange> {
    const pending = new Pending(this.#clock)
    const watch = new FolderWatch(() => pending.note(quiet, latest))
    signal.addEventListener('abort', () => pending.note(0, 0), { once: true })
    let before: Snapshot | undefined
    while (!signal.aborted) {
      const found = await findFiles(this.#paths)
      const { complete, added } = watch.use(await this.#foldersToWatch(found))
      if (added) pending.note(quiet, latest)
      const looked = await this.#look(found)
      if (this.#doubted.size > 0) pending.note(secondLook, secondLook)
      if (before === undefined || looked.changed.size > 0) {
        yield {
          snapshot: looked.snapshot,
          endpointsOnly: before !== undefined && [...looked.changed].every((kind) => kind === 'EndpointSlice'),
        }
        before = looked.snapshot
      }
      await pending.wait(complete ? watchedPeriod : unwatchedPeriod)
    }
    watch.close()
  }

  get #paths(): readonly string[] {
    return this.#options.paths.filter((path) => path !== '-')
  }

  /** Folders and what they are links to; the folders that hold what was named, since that may be replaced as a whole. */
  async #foldersToWatch({ files, folders }: Found): Promise<ReadonlySet<string>> {
    const named = this.#paths.map((path) => dirname(resolve(path)))
    const holders = files.map(({ path }) => dirname(path))
    const all = [...new Set([...named, ...holders, ...folders].map((path) => resolve(path)))]
    const real = await Promise.all(all.map((path) => realpath(path).catch(() => path)))
    return new Set([...all, ...real])
  }

  async #look(found: Found): Promise<{ snapshot: Snapshot; changed: ReadonlySet<string> }> {
    const files = await this.#readAll(found)
    const filesChanged =
      files.size !== this.#files.size || [...files].some(([path, file]) => this.#files.get(path) !== file)
    this.#files = files
    const whole = snapshotOf([...files.values()])
    const snapshot = this.#goodSecrets.keep(whole)
    const objects = new Map(
      this.#kinds.flatMap(({ kind }) => snapshot.list(kind)).map((object) => [keyOf(object.ref), object]),
    )
    const changed = new Set(filesChanged ? changedKinds(this.#objects, objects) : [])
    if (filesChanged && changed.size === 0) changed.add('File')
    this.#objects = objects
    return { snapshot, changed }
  }

  async #readAll(found: Found): Promise<Map<string, ReadFile>> {
    const files = new Map<string, ReadFile>()
    const { standardInput } = this.#options
    if (standardInput !== undefined)
      files.set(
        '-',
        this.#files.get('-') ??
          this.#parse({ path: '-', signature: '', size: 0 }, Buffer.from(standardInput, 'latin1')),
      )
    for (const file of found.files) files.set(file.path, await this.#readFile(file))
    for (const closed of found.closed) files.set(closed.path, this.#readClosed(closed))
    for (const [path, known] of this.#files)
      if (!files.has(path) && (isWithin(path, found.closed) || this.#mayComeBack({ path, size: 0 }, known)))
        files.set(path, known)
    return files
  }

  async #readFile(found: FoundFile): Promise<ReadFile> {
    const known = this.#files.get(found.path)
    if (known !== undefined && this.#mayComeBack(found, known)) return known
    if (known?.signature === found.signature) return known
    try {
      return this.#parse(found, await readFile(found.path))
    } catch (error) {
      return this.#keep(found, unreadable(found.path, closedBy(problemOf(error))))
    }
  }

  /** A file or folder that cannot be looked at; what was found within it before stays. */
  #readClosed({ path, problem }: Closed): ReadFile {
    const known = this.#files.get(path)
    if (known?.signature === problem) return known
    return this.#keep({ path, signature: problem }, unreadable(path, closedBy(problem)))
  }

  #mayComeBack({ path, size }: Pick<FoundFile, 'path' | 'size'>, known: ReadFile): boolean {
    const now = this.#clock.now()
    const since = this.#doubted.get(path) ?? now
    const waiting = size === 0 && known.objects.length > 0 && now - since < secondLook
    if (waiting) this.#doubted.set(path, since)
    else this.#doubted.delete(path)
    return waiting
  }

  #parse(found: FoundFile, bytes: Buffer): ReadFile {
    return this.#keep(found, readManifest(found.path, bytes, this.#kinds))
  }

  /** A file that cannot be read keeps what it last gave; an object that did not change stays the same object. */
  #keep({ path, signature }: Pick<FoundFile, 'path' | 'signature'>, file: ManifestFile): ReadFile {
    const known = this.#files.get(path)
    if (!file.readable) return { ...(known === undefined ? file : keepOf(file, known)), signature }
    const before = new Map(known?.objects.map((placed) => [keyOf(placed.object.ref), placed.object]))
    const objects = file.objects.map((placed): PlacedObject => {
      const last = before.get(keyOf(placed.object.ref))
      return last?.revision === placed.object.revision ? { ...placed, object: last } : placed
    })
    return { ...file, objects, signature }
  }
}

function closedBy(problem: string): YamlSyntaxError {
  return new YamlSyntaxError(problem, { line: 1, column: 1 }, 'Give the user that Lintel runs as the right to read it.')
}

function isWithin(path: string, folders: readonly Closed[]): boolean {
  return folders.some((folder) => !/^\.\.(?:[/\\]|$)/.test(relative(folder.path, path)))
}

/** A file that cannot be read, with the objects that it last gave. */
function keepOf(file: ManifestFile, { objects, locate }: ManifestFile): ManifestFile {
  if (objects.length === 0) return file
  const kept = `; what it gave before is still served (${objects.length === 1 ? '1 object' : `${objects.length} objects`})`
  const diagnostics = file.diagnostics.map((one) => ({ ...one, message: one.message + kept }))
  return { ...file, objects, locate, diagnostics }
}

function changedKinds(before: ReadonlyMap<string, SourceObject>, after: ReadonlyMap<string, SourceObject>): string[] {
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, { ref }]) => ref.kind)
  const fresh = [...after].filter(([key, object]) => before.get(key) !== object).map(([, { ref }]) => ref.kind)
  return [...gone, ...fresh]
}
