import { spawnSync } from 'node:child_process'
import { setPriority } from 'node:os'

import { buildGoPrograms, pathOfGoProgram } from './go-program.ts'
import { goPrograms } from './go-programs.ts'

/** Programs that tests and the bench use, with the Debian packages that bring each. A test whose program is missing says so and is skipped. */
const programs = [
  { program: 'openssl', package: 'openssl', versionFlag: 'version' },
  { program: 'curl', package: 'curl', versionFlag: '--version' },
  { program: 'nginx', package: 'nginx', versionFlag: '-v' },
  { program: 'haproxy', package: 'haproxy', versionFlag: '-v' },
  { program: 'wrk', package: 'wrk', versionFlag: '-v' },
  { program: 'ip', package: 'iproute2', versionFlag: '-V' },
  { program: 'unshare', package: 'util-linux', versionFlag: '--version' },
  { program: 'h2load', package: 'nghttp2-client', versionFlag: '--version' },
  { program: 'cc', package: 'gcc libc6-dev libssl-dev', versionFlag: '--version' },
]

/** The first line that it prints about itself: on standard error for some, with a failure for others (wrk). */
function versionOf(program: string, flag = '--version'): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, [flag], { encoding: 'utf8' })
  return error === undefined ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined
}

/** Debian alone, and root alone; elsewhere it is for the user to install. In runlevel 1 no package starts a service. */
function install(names: string): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || versionOf('apt-get') === undefined) return
  const env = { ...process.env, RUNLEVEL: '1' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names.split(' ')], {
    stdio: 'ignore',
    env,
  })
}

for (const { program, package: names, versionFlag } of programs) {
  if (versionOf(program, versionFlag) === undefined) install(names)
  console.log(`${program}: ${versionOf(program, versionFlag) ?? 'cannot be had here; what needs it is skipped'}`)
}

/** Kubernetes takes minutes of every core: what else runs here goes first. */
setPriority(10)
for (const [program, fault] of buildGoPrograms(goPrograms))
  console.log(`${program.name}: ${fault === undefined ? pathOfGoProgram(program) : `cannot be built here: ${fault}`}`)
