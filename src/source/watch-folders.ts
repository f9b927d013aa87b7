import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'

/** Tells that something in one of many folders may have changed. Which folders is said again after each look. */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Answers whether all of these folders are watched now, and whether any is new. */
  use(folders: ReadonlySet<string>): { readonly complete: boolean; readonly added: boolean } {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    let added = false
    for (const folder of folders) if (!this.#watchers.has(folder)) added = this.#add(folder) || added
    return { complete: this.#watchers.size === folders.size, added }
  }

  close(): void {
    this.use(new Set())
  }

  /** A folder that vanished meanwhile, or one too many for the system, is not watched: a look every so often finds it. */
  #add(folder: string): boolean {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#changed())
      watcher.on('error', () => {
        watcher.close()
        this.#watchers.delete(folder)
        this.#changed()
      })
      this.#watchers.set(folder, watcher)
      return true
    } catch {
      return false
    }
  }
}
