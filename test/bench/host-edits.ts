import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { manifestFolder, printManifest } from './candidates/lintel.ts'
import type { Site } from './site.ts'

const tick = 10
/** Without a common divisor with the number of hosts, so that every host has its turn. */
const stride = 7_919

export interface HostEdits {
  /** How many were made. */
  readonly stop: () => number
}

/** Counts on from one stretch of edits to the next: a file that says what it said before is no edit. */
let made = 0

/** Changes one host after another, each by writing its file anew, with a rule that it did not have. */
export function startEdits(site: Site, perSecond: number): HostEdits {
  const begun = performance.now()
  const folder = manifestFolder(site)
  let edited = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1_000) * perSecond)
    for (; edited < due; edited++) editHost(site, folder, made++)
  }, tick)
  return {
    stop: () => {
      clearInterval(timer)
      return edited
    },
  }
}

/** By rename, as editors and volumes of Kubernetes do. */
function editHost({ hosts }: Site, folder: string, edit: number): void {
  const host = hosts[(edit * stride) % hosts.length] ?? ''
  const scratch = join(folder, `.${host}.new`)
  writeFileSync(scratch, printManifest(host, [`/edit-${edit}`]))
  renameSync(scratch, join(folder, `${host}.json`))
}
