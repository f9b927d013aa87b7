import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { pathOfGoProgram } from '../../../tools/go-program.ts'
import type { GoProgram } from '../../../tools/go-program.ts'
import { etcd, kubeApiServer, kubeControllerManager, kubectl } from '../../../tools/go-programs.ts'

/** From the folder that KUBEBUILDER_ASSETS names, or as `npm run tools` built it. */
export function pathOfProgram(program: GoProgram): string {
  const given = join(process.env['KUBEBUILDER_ASSETS'] ?? '', program.name)
  return process.env['KUBEBUILDER_ASSETS'] !== undefined && existsSync(given) ? given : pathOfGoProgram(program)
}

/** Names of those that a cluster lacks here; kubectl renders what is installed in it. */
export function missingPrograms(): string[] {
  return [etcd, kubeApiServer, kubeControllerManager, kubectl]
    .filter((program) => !existsSync(pathOfProgram(program)))
    .map(({ name }) => name)
}
