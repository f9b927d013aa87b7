import { check } from './check.ts'
import type { Command } from './command.ts'
import { explain } from './explain.ts'
import { serve } from './serve.ts'
import { start } from './start.ts'
import { version } from './version.ts'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [serve, check, explain, start, version]
