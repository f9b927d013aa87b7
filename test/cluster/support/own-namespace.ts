import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { missingPrograms } from './programs.ts'

/** Set within the namespace: a folder for data. */
const folderVariable = 'LINTEL_TEST_NAMESPACE'
/** Set where a cluster can be had for certain: a reason against it is then a failure. */
const requiredVariable = 'LINTEL_TEST_CLUSTER'
const isolation = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']

/**
 * Runs the test file once more within network, mount and process namespaces of its own, and ends with it: ports and
 * addresses are free there, and nothing that was started can outlive it. Returns only within, or with the reason why not.
 */
export function enterOwnNamespace(): string | false {
  if (isInOwnNamespace()) {
    furnish()
    return false
  }
  const reason = reasonAgainstNamespace()
  if (reason !== undefined && process.env[requiredVariable] === 'required') throw new Error(reason)
  if (reason !== undefined) return reason
  return process.exit(runInOwnNamespace(process.argv.slice(1)))
}

export function isInOwnNamespace(): boolean {
  return process.env[folderVariable] !== undefined
}

/** Runs a program of Node there to its end, and answers its exit code. */
export function runInOwnNamespace(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-cluster-'))
  const command = [process.execPath, ...process.execArgv, ...args]
  const { status } = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...isolation, ...command], {
    stdio: 'inherit',
    env: { ...process.env, [folderVariable]: folder },
  })
  rmSync(folder, { recursive: true })
  return status ?? 1
}

/** A folder in memory that is gone with the namespace. */
export function namespaceFolder(): string {
  return process.env[folderVariable] ?? ''
}

/** Why there can be no cluster here. */
export function reasonAgainstNamespace(): string | undefined {
  const missing = missingPrograms()
  if (missing.length > 0) return `${missing.join(', ')} cannot be had: npm run tools builds what Go can build`
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a network namespace takes root on Linux'
  const { status } = spawnSync('unshare', [...isolation, 'true'], { stdio: 'ignore' })
  return status === 0 ? undefined : 'no network namespace can be made here'
}

/** Any address of 10.244.0.0/16 is then one of this machine: a pod is a process that listens on one. */
function furnish(): void {
  run('ip', ['link', 'set', 'lo', 'up'])
  run('ip', ['route', 'add', 'local', '10.244.0.0/16', 'dev', 'lo'])
  run('mount', ['-t', 'tmpfs', 'lintel-cluster', namespaceFolder()])
  // What a pod finds there of its account is none of the machine's.
  run('mount', ['-t', 'tmpfs', 'lintel-run', '/var/run'])
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}
