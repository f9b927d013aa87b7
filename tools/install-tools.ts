import { spawnSync } from 'node:child_process'

/** Programs that tests use, with the Debian package that brings each. A test whose program is missing says so and is skipped. */
const programs = [
  { program: 'openssl', package: 'openssl' },
  { program: 'curl', package: 'curl' },
]

function versionOf(program: string): string | undefined {
  const flag = program === 'openssl' ? 'version' : '--version'
  const { status, stdout } = spawnSync(program, [flag], { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n')[0] : undefined
}

/** Debian alone, and root alone; elsewhere it is for the user to install. */
function install(name: string): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || versionOf('apt-get') === undefined) return
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { stdio: 'ignore' })
}

for (const { program, package: name } of programs) {
  if (versionOf(program) === undefined) install(name)
  console.log(`${program}: ${versionOf(program) ?? 'cannot be had here; tests that need it are skipped'}`)
}
