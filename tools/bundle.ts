import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { rolldown } from 'rolldown'

/**
 * Writes `dist`: Lintel with its libraries, as JavaScript that needs nothing but Node. The programs stand beside each
 * other, as the supervisor expects them, and as deep as in `src/cli`, from where package.json and the example are found.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const entries = {
  main: 'src/cli/main.ts',
  controller: 'src/controller.ts',
  worker: 'src/worker.ts',
  echo: 'src/echo.ts',
}

/** Bundles into a folder, which is emptied before. */
export async function bundle(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const build = await rolldown({ cwd: root, input: entries, platform: 'node', logLevel: 'warn' })
  const { output } = await build.write({
    dir: join(folder, 'lib/lintel'),
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
  })
  await build.close()
  const modules = output.flatMap((part) => (part.type === 'chunk' ? Object.keys(part.modules) : []))
  writeExecutable(join(folder, 'bin'))
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), printLicenses(packagesOf(modules)))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedPackage(), null, 2)}\n`)
  for (const name of ['LICENSE', 'examples/shop']) cpSync(join(root, name), join(folder, name), { recursive: true })
}

/** The command `lintel`, wherever a link to it stands. */
function writeExecutable(folder: string): void {
  const file = join(folder, 'lintel')
  mkdirSync(folder)
  writeFileSync(file, "#!/usr/bin/env node\nawait import('../lib/lintel/main.js')\n")
  chmodSync(file, 0o755)
}

interface Package {
  readonly name: string
  readonly version: string
  readonly license?: string
}

function publishedPackage(): object {
  const { version } = readPackage(root)
  return { name: 'lintel', version, license: 'Apache-2.0', type: 'module', engines: { node: '>=24.12' } }
}

function readPackage(folder: string): Package {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- npm has read it, and insists on these fields
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package
}

/** Folders of the packages that these modules are of. */
function packagesOf(modules: readonly string[]): string[] {
  const folders = modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  return [...new Set(folders)].toSorted()
}

function printLicenses(folders: readonly string[]): string {
  const lines = folders.map((folder) => {
    const { name, version, license = 'see its sources' } = readPackage(folder)
    return `${name} ${version}: ${license}\n\n${licenseText(folder)}`
  })
  return lines.join(`\n${'-'.repeat(80)}\n`)
}

function licenseText(folder: string): string {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
  return name === undefined ? '' : readFileSync(join(folder, name), 'utf8')
}

if (import.meta.main) await bundle(join(root, 'dist'))
