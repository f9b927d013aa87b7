import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'

import layers from './layers.json' with { type: 'json' }

/**
 * Keeps the layers: a file imports from its own folder, and from folders of a strictly lower rank through their
 * `index.ts`; type-only imports count. Pure folders touch no sockets, files, clocks or processes.
 */
const importing = /(?:\bfrom|\bimport\(?)\s*['"]([^'"]+)['"]/g
const ranks: Readonly<Record<string, number>> = layers.ranks

/** What is wrong with one source file, a line each. `path` is relative to `src`. */
export function findFaults(path: string, text: string): string[] {
  const folder = folderOf(path)
  const imported = [...text.matchAll(importing)].map(([, target]) => target ?? '')
  const relative = imported
    .filter((target) => target.startsWith('.'))
    .map((target) => normalize(join(dirname(path), target)))
  const faults = relative.flatMap((target) => faultOfImport(folder, target))
  return [...faults, ...faultsOfPurity(folder, imported, withoutComments(text)), ...faultsOfName(path)].map(
    (fault) => `src/${path}: ${fault}`,
  )
}

/** The top folder decides; files at the root are the processes. */
function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : '(processes)'
}

function faultOfImport(folder: string, target: string): string[] {
  const other = folderOf(target)
  if (other === folder) return []
  const [own, theirs] = [ranks[folder], ranks[other]]
  if (own === undefined || theirs === undefined) return [`imports ${target}: a folder without a rank`]
  if (theirs >= own) return [`imports ${target}: rank ${theirs} is not below rank ${own}`]
  return other === '(processes)' || target === `${other}/index.ts`
    ? []
    : [`imports ${target}: only ${other}/index.ts is a door`]
}

function faultsOfPurity(folder: string, imported: readonly string[], code: string): string[] {
  if (!layers.pure.includes(folder)) return []
  const modules = imported.filter(
    (target) => layers.impureModules.includes(target.replace(/^node:/, '')) && !isAllowed(target),
  )
  const names = layers.impureNames.filter((name) => code.includes(name))
  return [...modules, ...names].map((name) => `${folder} is pure, but uses ${name}`)
}

/** Judging whether a text is an address needs no network. */
function isAllowed(target: string): boolean {
  return target === 'node:net'
}

function faultsOfName(path: string): string[] {
  const name = basename(path).replace(/(\.test)?\.ts$/, '')
  const kebab = /^[a-z\d]+(-[a-z\d]+)*$/.test(name)
  return [
    ...(layers.bannedNames.includes(name) ? [`"${name}" says nothing`] : []),
    ...(kebab ? [] : ['file names are kebab-case']),
  ]
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '')
}

function main(): void {
  const root = join(import.meta.dirname, '../src')
  const files = globSync('**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
  const faults = files.flatMap((path) => findFaults(path, readFileSync(join(root, path), 'utf8')))
  for (const fault of faults) console.error(fault)
  console.log(`layers: ${files.length} files, ${faults.length} faults`)
  process.exitCode = faults.length > 0 ? 1 : 0
}

if (import.meta.main) main()
