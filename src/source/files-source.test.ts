import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'

import { FakeClock } from '../../test/support/fake-clock.ts'
import type { KindDescriptor, Snapshot } from '../model/index.ts'
import { systemClock } from '../system-clock.ts'
import { FilesSource } from './files-source.ts'
import type { JudgeSecret } from './good-secrets.ts'
import type { SourceChange } from './source.ts'

const kinds: readonly KindDescriptor[] = ['Service', 'Secret', 'EndpointSlice'].map((kind) => ({
  kind,
  group: '',
  version: 'v1',
  plural: `${kind.toLowerCase()}s`,
  namespaced: true,
}))
const neverBroken: JudgeSecret = () => undefined
const judgeByType: JudgeSecret = ({ value }) =>
  value['type'] === 'broken' ? { problem: 'is broken', hint: 'Mend it.' } : undefined

/** A folder of the test's own; files are written in place unless it says otherwise. */
class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'lintel-source-'))

  write(name: string, text: string): void {
    mkdirSync(dirname(this.at(name)), { recursive: true })
    writeFileSync(this.at(name), text)
  }

  at(name: string): string {
    return join(this.path, name)
  }
}

function makeFolder(t: TestContext): Folder {
  const folder = new Folder()
  t.after(() => rmSync(folder.path, { recursive: true }))
  return folder
}

function object(name: string, kind = 'Service', more = ''): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${more}---\n`
}

function namesOf(snapshot: Snapshot): string {
  const names = kinds.flatMap(({ kind }) => snapshot.list(kind)).map(({ ref }) => ref.name)
  return names.toSorted((a, b) => (a < b ? -1 : 1)).join(' ')
}

function codesOf({ diagnostics }: Snapshot): string {
  return diagnostics.map(({ code }) => code).join(' ')
}

/** Follows paths by the real clock, and prints how long each change took. */
class Follower {
  readonly #test: TestContext
  readonly #changes: AsyncGenerator<SourceChange>
  #begun = performance.now()

  constructor(t: TestContext, paths: readonly string[]) {
    this.#test = t
    const stop = new AbortController()
    this.#changes = new FilesSource({ paths, standardInput: undefined }, kinds, neverBroken, systemClock).changes(
      stop.signal,
    )
    t.after(() => stop.abort())
  }

  /** The next snapshot. */
  async next(): Promise<SourceChange> {
    const { value } = (await this.#changes.next()) as IteratorYieldResult<SourceChange>
    this.#test.diagnostic(`after ${Math.round(performance.now() - this.#begun)} ms`)
    return value
  }

  /** Does something and answers with the names that the next snapshot holds. */
  async after(act: () => void): Promise<string> {
    this.#begun = performance.now()
    act()
    return namesOf((await this.next()).snapshot)
  }
}

/** Ten times the 500 ms within which a change has to be seen. */
const deadline = { timeout: 5_000 }

suite('changes() sees, with a folder,', deadline, () => {
  test('a file that is written in place', async (t) => {
    const folder = makeFolder(t)
    folder.write('a.yaml', object('one'))
    const follower = new Follower(t, [folder.path])
    assert.equal(namesOf((await follower.next()).snapshot), 'one')
    assert.equal(await follower.after(() => folder.write('a.yaml', object('one') + object('two'))), 'one two')
  })

  test('a file that an editor writes by rename', async (t) => {
    const folder = makeFolder(t)
    folder.write('a.yaml', object('one'))
    const follower = new Follower(t, [folder.path])
    await follower.next()
    for (const name of ['two', 'three']) {
      const save = (): void => {
        folder.write('.a.yaml.swp', object(name))
        renameSync(folder.at('.a.yaml.swp'), folder.at('a.yaml'))
      }
      // oxlint-disable-next-line no-await-in-loop -- one edit after another
      assert.equal(await follower.after(save), name)
    }
  })

  test('files and folders that appear and vanish', async (t) => {
    const folder = makeFolder(t)
    const follower = new Follower(t, [folder.path])
    assert.equal(namesOf((await follower.next()).snapshot), '')
    assert.equal(await follower.after(() => folder.write('a.yaml', object('one'))), 'one')
    assert.equal(
      await follower.after(() =>
        folder.write(
          'deep/er/b.json',
          JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'two' } }),
        ),
      ),
      'one two',
    )
    assert.equal(await follower.after(() => folder.write('deep/er/b.yml', object('three'))), 'one three two')
    assert.equal(await follower.after(() => unlinkSync(folder.at('a.yaml'))), 'three two')
    assert.equal(await follower.after(() => rmSync(folder.at('deep'), { recursive: true })), '')
  })

  test('a volume of a ConfigMap, whose content is swapped by a link', async (t) => {
    const folder = makeFolder(t)
    folder.write('..first/a.yaml', object('one'))
    symlinkSync('..first', folder.at('..data'))
    symlinkSync('..data/a.yaml', folder.at('a.yaml'))
    const follower = new Follower(t, [folder.path])
    assert.equal(namesOf((await follower.next()).snapshot), 'one')
    for (const [at, name] of ['two', 'three'].entries()) {
      const swap = (): void => {
        folder.write(`..${name}/a.yaml`, object(name))
        symlinkSync(`..${name}`, folder.at('..data_tmp'))
        renameSync(folder.at('..data_tmp'), folder.at('..data'))
        if (at > 0) rmSync(folder.at('..two'), { recursive: true })
      }
      // oxlint-disable-next-line no-await-in-loop -- one swap after another
      assert.equal(await follower.after(swap), name)
    }
  })

  test('the folder itself, replaced by a link to another', async (t) => {
    const folder = makeFolder(t)
    folder.write('blue/a.yaml', object('blue'))
    folder.write('green/a.yaml', object('green'))
    symlinkSync('blue', folder.at('live'))
    const follower = new Follower(t, [folder.at('live')])
    assert.equal(namesOf((await follower.next()).snapshot), 'blue')
    const swap = (): void => {
      symlinkSync('green', folder.at('next'))
      renameSync(folder.at('next'), folder.at('live'))
    }
    assert.equal(await follower.after(swap), 'green')
    assert.equal(await follower.after(() => folder.write('green/b.yaml', object('more'))), 'green more')
  })
})

test('changes() sees a single file that is replaced', deadline, async (t) => {
  const folder = makeFolder(t)
  folder.write('a.yaml', object('one'))
  const follower = new Follower(t, [folder.at('a.yaml')])
  await follower.next()
  folder.write('b.yaml', object('two'))
  assert.equal(await follower.after(() => renameSync(folder.at('b.yaml'), folder.at('a.yaml'))), 'two')
})

test('changes() says whether endpoints alone have changed', deadline, async (t) => {
  const folder = makeFolder(t)
  folder.write('a.yaml', object('one') + object('slice', 'EndpointSlice'))
  const follower = new Follower(t, [folder.path])
  assert.equal((await follower.next()).endpointsOnly, false)
  folder.write('a.yaml', object('one') + object('slice', 'EndpointSlice', 'endpoints: []\n'))
  assert.equal((await follower.next()).endpointsOnly, true)
  folder.write('a.yaml', object('one', 'Service', 'spec: {}\n') + object('slice', 'EndpointSlice'))
  assert.equal((await follower.next()).endpointsOnly, false)
})

function sourceOf(folder: Folder, judge = neverBroken): { source: FilesSource; clock: FakeClock } {
  const clock = new FakeClock()
  return { clock, source: new FilesSource({ paths: [folder.path], standardInput: undefined }, kinds, judge, clock) }
}

suite('a file keeps what it last gave', () => {
  test('while it does not parse, which is said, and no other file is affected', async (t) => {
    const folder = makeFolder(t)
    const { source } = sourceOf(folder)
    folder.write('a.yaml', object('one'))
    folder.write('b.yaml', object('two'))
    await source.read()
    folder.write('a.yaml', `${object('one')}a: [`)
    folder.write('b.yaml', object('three'))
    const broken = await source.read()
    assert.deepEqual([namesOf(broken), codesOf(broken)], ['one three', 'SyntaxError'])
    const [told] = broken.diagnostics
    assert.deepEqual([told?.file, told?.line], [folder.at('a.yaml'), 5])
    assert.match(told?.message ?? '', /; what it gave before is still served \(1 object\)$/)
    folder.write('a.yaml', object('four'))
    const mended = await source.read()
    assert.deepEqual([namesOf(mended), codesOf(mended)], ['four three', ''])
  })

  test('but gives nothing if it never parsed', async (t) => {
    const folder = makeFolder(t)
    const { source } = sourceOf(folder)
    folder.write('a.yaml', 'a: [')
    folder.write('b.yaml', object('two'))
    const snapshot = await source.read()
    assert.deepEqual([namesOf(snapshot), codesOf(snapshot)], ['two', 'SyntaxError'])
  })

  for (const [what, act] of [
    ['empty', (folder: Folder) => folder.write('a.yaml', '')],
    ['gone', (folder: Folder) => unlinkSync(folder.at('a.yaml'))],
  ] as const)
    test(`for the moment for which it is ${what} while it is written anew`, async (t) => {
      const folder = makeFolder(t)
      const { source, clock } = sourceOf(folder)
      folder.write('a.yaml', object('one'))
      await source.read()
      act(folder)
      assert.equal(namesOf(await source.read()), 'one')
      clock.advance(99)
      assert.equal(namesOf(await source.read()), 'one')
      folder.write('a.yaml', object('two'))
      assert.equal(namesOf(await source.read()), 'two')
      act(folder)
      assert.equal(namesOf(await source.read()), 'two')
      clock.advance(100)
      assert.equal(namesOf(await source.read()), '')
    })
})

test('a file that was away for a moment is given another moment the next time', async (t) => {
  const folder = makeFolder(t)
  const { source, clock } = sourceOf(folder)
  folder.write('sub/a.yaml', object('one'))
  await source.read()
  for (let time = 1; time <= 2; time++) {
    renameSync(folder.at('sub'), folder.at('.sub'))
    assert.equal(namesOf(await source.read()), 'one')
    renameSync(folder.at('.sub'), folder.at('sub'))
    assert.equal(namesOf(await source.read()), 'one')
    clock.advance(1_000)
  }
})

/** As somebody whom the rights of files bind: root may read everything. */
async function readAsOther(source: FilesSource): Promise<Snapshot> {
  const user = process.geteuid?.()
  if (user === 0) process.seteuid?.(65_534)
  return source.read().finally(() => process.seteuid?.(user ?? 0))
}

suite('what may not be looked at is told, and keeps what it last gave:', () => {
  for (const [what, closed] of [
    ['a file', 'sub/a.yaml'],
    ['a folder', 'sub'],
    ['the whole', '.'],
  ] as const)
    test(what, async (t) => {
      const folder = makeFolder(t)
      chmodSync(folder.path, 0o755)
      const { source, clock } = sourceOf(folder)
      folder.write('sub/a.yaml', object('one'))
      assert.equal(namesOf(await readAsOther(source)), 'one')
      folder.write('sub/a.yaml', object('two'))
      chmodSync(folder.at(closed), 0)
      for (const moment of [0, 1_000]) {
        clock.advance(moment)
        const snapshot = await readAsOther(source)
        assert.deepEqual([namesOf(snapshot), codesOf(snapshot)], ['one', 'SyntaxError'])
        assert.match(snapshot.diagnostics[0]?.message ?? '', /EACCES: permission denied/)
        assert.equal(snapshot.diagnostics[0]?.file, folder.at(closed))
      }
      chmodSync(folder.at(closed), 0o755)
      const mended = await readAsOther(source)
      assert.deepEqual([namesOf(mended), codesOf(mended)], ['two', ''])
    })
})

test('an object that did not change stays the same object, whatever changes around it', async (t) => {
  const folder = makeFolder(t)
  const { source } = sourceOf(folder)
  folder.write('a.yaml', object('one') + object('two'))
  const before = (await source.read()).list('Service')
  folder.write('a.yaml', `# moved\n${object('two', 'Service', 'spec: {}\n')}${object('one')}`)
  const after = (await source.read()).list('Service')
  const find = (list: typeof before, name: string): unknown => list.find(({ ref }) => ref.name === name)
  assert.equal(find(after, 'one'), find(before, 'one'))
  assert.notEqual(find(after, 'two'), find(before, 'two'))
})

test('a Secret that breaks keeps its last good content, until it is good again or gone', async (t) => {
  const folder = makeFolder(t)
  const { source } = sourceOf(folder, judgeByType)
  const types = async (): Promise<unknown[]> => (await source.read()).list('Secret').map(({ value }) => value['type'])
  folder.write('a.yaml', object('tls', 'Secret', 'type: broken\n'))
  assert.deepEqual(await types(), ['broken'])
  folder.write('a.yaml', object('tls', 'Secret', 'type: good\n'))
  assert.deepEqual(await types(), ['good'])
  folder.write('a.yaml', object('tls', 'Secret', 'type: broken\n'))
  const kept = await source.read()
  assert.deepEqual(await types(), ['good'])
  assert.deepEqual([codesOf(kept), kept.diagnostics[0]?.line], ['SecretInvalid', 1])
  folder.write('a.yaml', object('other', 'Secret'))
  await source.read()
  folder.write('a.yaml', object('tls', 'Secret', 'type: broken\n'))
  assert.deepEqual(await types(), ['broken'])
})

suite('a folder gives', () => {
  test('*.yaml, *.yml and *.json at any depth, and nothing whose name begins with a dot', async (t) => {
    const folder = makeFolder(t)
    for (const name of ['a.yaml', 'b.YML', 'sub/c.yaml', '.d.yaml', '.git/e.yaml', 'f.txt', 'g'])
      folder.write(name, object(name.replaceAll(/\W/g, '-')))
    folder.write('h.json', '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "h"}}')
    assert.equal(namesOf(await sourceOf(folder).source.read()), 'a-yaml b-YML h sub-c-yaml')
  })

  test('each file once, however many links lead to it, even round in circles', async (t) => {
    const folder = makeFolder(t)
    folder.write('sub/a.yaml', object('one'))
    symlinkSync('..', folder.at('sub/up'))
    symlinkSync('sub', folder.at('again'))
    const snapshot = await sourceOf(folder).source.read()
    assert.deepEqual([namesOf(snapshot), codesOf(snapshot)], ['one', ''])
  })

  test('a file that is named whatever it is called, and standard input', async (t) => {
    const folder = makeFolder(t)
    folder.write('manifest.txt', object('one'))
    const paths = [folder.at('manifest.txt'), '-']
    const source = new FilesSource({ paths, standardInput: object('two') }, kinds, neverBroken, new FakeClock())
    const snapshot = await source.read()
    assert.equal(namesOf(snapshot), 'one two')
    assert.equal(snapshot.locate({ kind: 'Service', namespace: 'default', name: 'two' }, 'metadata')?.file, '-')
  })
})
