import { spawnSync } from 'node:child_process'

import type { GoProgram } from '../../tools/go-program.ts'

/** A program that is not ours, and how it is asked for its version. */
export interface AskedProgram {
  readonly program: string
  readonly versionArguments: readonly string[]
  /** How it was built, where that says its version: built from modules alone it may not know its own. */
  readonly pinned?: GoProgram
}

/** The line that says its version; undefined if the program cannot be had here. */
export function versionLineOf({ program, versionArguments, pinned }: AskedProgram): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, versionArguments, { encoding: 'utf8' })
  if (error !== undefined) return undefined
  return pinned !== undefined && 'version' in pinned.pin
    ? pinned.pin.version
    : `${stdout}${stderr}`.split('\n')[0]?.trim()
}
