import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { ingress } from '../../test/support/api-client.ts'
import { countLooks } from '../../test/support/count-looks.ts'
import { fail } from '../../test/support/fake-api-server.ts'
import type { FakeObject } from '../../test/support/fake-api-server.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { ingress as makeIngress, snapshotOf } from '../../test/support/objects.ts'
import { diagnosticOn, startInstallation } from '../../test/support/replicas.ts'
import type { Installation } from '../../test/support/replicas.ts'
import type { KubeClient } from '../kube/index.ts'
import { EventWriter } from './event-writer.ts'

const deadline = { timeout: 60_000 }
const web = { kind: 'Ingress', namespace: 'shop', name: 'web' }

function eventsOf(all: Installation): FakeObject[] {
  return all.api.objects('Event')
}

/** An Ingress `web`, with what there is to say of it. */
function say(all: Installation, ...messages: readonly string[]): void {
  all.diagnostics = messages.map((message, at) => diagnosticOn(web, 'ServiceNotFound', message, `spec.rules[${at}]`))
}

suite('events', deadline, () => {
  test('one for each object and code, with reason, note, type and object', async (t) => {
    const all = await startInstallation(t)
    const { metadata } = all.api.put(ingress('web'))
    const note = { code: 'AnnotationNotServed', message: 'has no effect' } as const
    say(all, 'there is no Service api', 'there is no Service www')
    all.diagnostics = [...all.diagnostics, diagnosticOn(web, note.code, note.message)]
    all.start()
    await all.until(() => eventsOf(all).length === 2)
    const [event, other] = eventsOf(all)
    assert.ok(event)
    const { metadata: made, eventTime, reportingInstance, ...rest } = event
    assert.match(made.name, /^lintel-[\da-f]{32}$/)
    assert.match(String(eventTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    assert.match(String(reportingInstance), /^.+_[\da-f]{16}$/)
    assert.deepEqual(rest, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      reportingController: 'lintel.dev/ingress-controller',
      action: 'Compile',
      type: 'Warning',
      reason: 'ServiceNotFound',
      note: 'spec.rules[0]: there is no Service api (1 more of this kind). Mend it.',
      regarding: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        namespace: 'shop',
        name: 'web',
        uid: metadata['uid'],
        resourceVersion: metadata['resourceVersion'],
      },
    })
    assert.deepEqual([other?.['type'], other?.['reason']], ['Normal', 'AnnotationNotServed'])
  })

  test('another hint is no news: it goes by what else there is', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    say(all, 'there is no Service api')
    all.start()
    await all.until(() => eventsOf(all).length === 1)
    all.diagnostics = all.diagnostics.map((one) => ({ ...one, hint: 'Is apis meant?' }))
    await all.pass(20_000)
    assert.equal(eventsOf(all).length, 1)
  })

  test('said once: not again when the object changes, and not by the next leader', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    say(all, 'there is no Service api')
    const one = all.start()
    await all.until(() => eventsOf(all).length === 1)
    all.api.put(ingress('web', { labels: { a: 'b' } }))
    await all.pass(5_000)
    assert.equal(all.writes.length, 1)
    one.stop()
    const two = all.start()
    await all.until(() => two.publisher.leads)
    await all.pass(10_000)
    assert.deepEqual([eventsOf(all).length, two.told.length], [1, 0])
    assert.equal(eventsOf(all)[0]?.['series'], undefined)
  })

  test('gone and there again: counted in its series, or said anew where the server has forgotten it', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.start()
    for (let times = 1; times <= 3; times++) {
      say(all, 'there is no Service api')
      await all.pass(2_000)
      say(all)
      await all.pass(2_000)
    }
    const [event] = eventsOf(all)
    assert.ok(event)
    assert.equal((event['series'] as { count: number }).count, 3)
    all.api.remove('Event', 'shop', event.metadata.name)
    say(all, 'there is no Service api')
    await all.until(() => eventsOf(all).length === 1)
  })

  test('the next leader counts on from where the server is', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    const count = (): unknown => Object(eventsOf(all)[0]?.['series'])['count']
    const comeAgain = async (): Promise<void> => {
      say(all)
      await all.pass(2_000)
      say(all, 'there is no Service api')
      await all.pass(2_000)
    }
    const one = all.start()
    say(all, 'there is no Service api')
    await all.pass(2_000)
    for (let times = 0; times < 3; times++) await comeAgain()
    assert.equal(count(), 4)
    one.stop()
    const two = all.start()
    await all.until(() => two.publisher.leads)
    await all.pass(2_000)
    assert.equal(count(), 4)
    await comeAgain()
    assert.equal(count(), 5)
  })

  test('what holds is renewed before the server forgets it, whoever leads', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    say(all, 'there is no Service api')
    const one = all.start()
    let last = 0
    all.api.script = ({ method, resource, time }) => {
      if (method === 'PATCH' && resource.startsWith('events/')) last = time
      return false
    }
    for (let minutes = 0; minutes < 65; minutes++) {
      await all.pass(60_000, 5_000)
      assert.ok(all.clock.now() - last < 3_600_000)
      if (minutes !== 20) continue
      one.stop()
      all.start()
    }
    assert.equal(eventsOf(all).length, 1)
    assert.equal(all.writes.length, 4)
  })

  test('what is refused is said a minute later, if it can be said then', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    say(all, 'there is no Service api')
    all.api.script = ({ resource }, response) => {
      if (!resource.startsWith('events')) return false
      fail(response, 403, 'Forbidden')
      return true
    }
    const replica = all.start()
    await all.pass(100_000, 500)
    assert.deepEqual([all.writes.length, replica.told], [2, ['events: shop/web: 403', 'events: shop/web: 403']])
    all.api.script = undefined
    await all.pass(30_000, 500)
    assert.equal(eventsOf(all).length, 1)
  })

  test('nothing on what is somebody else’s, or not there', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    const missing = { kind: 'Secret', namespace: 'shop', name: 'none' }
    all.diagnostics = [
      diagnosticOn(web, 'ClassNotServed', 'class "alb" is not served here'),
      diagnosticOn(web, 'FieldIgnored', 'no such field'),
      diagnosticOn(missing, 'SecretInvalid', 'no key'),
    ]
    all.start()
    await all.pass(10_000)
    assert.equal(all.writes.length, 0)
  })

  test('on an object without a namespace it stands in the namespace default', async (t) => {
    const all = await startInstallation(t)
    all.api.put({ kind: 'IngressClass', metadata: { name: 'lintel' }, spec: {} })
    all.diagnostics = [diagnosticOn({ kind: 'IngressClass', namespace: '', name: 'lintel' }, 'InvalidObject', 'no')]
    all.start()
    await all.until(() => eventsOf(all).length === 1)
    assert.equal(eventsOf(all)[0]?.metadata.namespace, 'default')
  })

  test('with --watch-namespace nothing is said elsewhere, nor on objects without a namespace', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    all.api.put({ kind: 'IngressClass', metadata: { name: 'lintel' }, spec: {} })
    all.api.put({ kind: 'ConfigMap', metadata: { name: 'lintel', namespace: 'default' } })
    all.diagnostics = [
      diagnosticOn({ kind: 'IngressClass', namespace: '', name: 'lintel' }, 'InvalidObject', 'no'),
      diagnosticOn({ kind: 'ConfigMap', namespace: 'default', name: 'lintel' }, 'ConfigValueInvalid', 'no'),
      diagnosticOn(web, 'ServiceNotFound', 'there is no Service api'),
    ]
    all.start({ namespaces: ['shop'] })
    await all.pass(10_000)
    assert.deepEqual(
      eventsOf(all).map(({ metadata, reason }) => [metadata.namespace, reason]),
      [['shop', 'ServiceNotFound']],
    )
  })

  test('whatever an object says: printable, and not longer than the API takes', async (t) => {
    const all = await startInstallation(t)
    all.api.put(ingress('web'))
    say(all, `\u{1B}[2J\n${'ä€😀'.repeat(200)}`)
    all.start()
    await all.until(() => eventsOf(all).length === 1)
    const note = String(eventsOf(all)[0]?.['note'])
    assert.ok(note.startsWith(String.raw`spec.rules[0]: \u{1B}[2J\u{A}ä€😀`))
    assert.ok(Buffer.byteLength(note) <= 1_024 && Buffer.byteLength(note) > 1_010 && !note.includes('\u{FFFD}'))
  })

  test('a storm: ten a second at most, each in its turn', async (t) => {
    const all = await startInstallation(t)
    const names = Array.from({ length: 60 }, (_, at) => `web-${at}`)
    for (const name of names) all.api.put(ingress(name))
    all.start()
    for (let seconds = 0; seconds < 12; seconds++) {
      all.diagnostics = [
        diagnosticOn({ ...web, name: 'web-0' }, 'InvalidObject', `at second ${seconds}`),
        ...names.map((name) => diagnosticOn({ ...web, name }, 'ServiceNotFound', 'there is no Service')),
      ]
      const before = all.writes.length
      await all.pass(1_000)
      assert.ok(all.writes.length - before <= 10, `${all.writes.length - before} in a second`)
    }
    const said = eventsOf(all).filter(({ reason }) => reason === 'ServiceNotFound')
    assert.equal(said.length, 60)
  })
})

/** Whoever has something to do asks what time it is. */
class AskedClock extends FakeClock {
  asked = 0

  override now(): number {
    this.asked++
    return super.now()
  }
}

/** A writer of its own, with the names of the objects that it has written events on. */
function startWriter(t: TestContext): {
  readonly writer: EventWriter
  readonly clock: AskedClock
  readonly said: unknown[]
} {
  const clock = new AskedClock()
  const stop = new AbortController()
  t.after(() => stop.abort())
  const said: unknown[] = []
  const create: KubeClient['create'] = (_resource, _namespace, { regarding }) => {
    said.push(Object(regarding)['name'])
    return Promise.resolve({})
  }
  const writer = new EventWriter('lintel', [], {
    client: { create, patch: () => Promise.resolve({}) },
    clock,
    leadership: { leads: true, memo: '', remember: () => Promise.resolve(true) },
    signal: stop.signal,
    failed: () => assert.fail('nothing is refused'),
  })
  return { writer, clock, said }
}

suite('among many diagnostics', () => {
  const snapshot = snapshotOf(Array.from({ length: 20 }, (_, at) => makeIngress(`i${at}`, {})))
  const compilation = { accepted: [] }
  const looks: string[] = []
  const diagnostics = snapshot
    .list('Ingress')
    .map(({ ref }) => countLooks(diagnosticOn(ref, 'AnnotationNotServed', 'has no effect'), looks))

  test('what changes nothing but endpoints has none looked at, while they are written and after it', async (t) => {
    looks.length = 0
    const { writer, clock, said } = startWriter(t)
    for (let seconds = 0; seconds < 4; seconds++) {
      writer.serve({ snapshot: { ...snapshot }, compilation, diagnostics })
      await turn()
      assert.equal(looks.length > 0, seconds === 0)
      looks.length = 0
      clock.advance(1_000)
      await turn()
    }
    assert.equal(said.length, 20)
    clock.asked = 0
    writer.serve({ snapshot: { ...snapshot }, compilation, diagnostics })
    await turn()
    assert.equal(clock.asked, 0)
  })

  test('one that is new is the one that is planned and written', async (t) => {
    const { writer, clock, said } = startWriter(t)
    writer.serve({ snapshot, compilation, diagnostics })
    for (let seconds = 0; seconds < 3; seconds++) {
      await turn()
      clock.advance(1_000)
    }
    said.length = 0
    looks.length = 0
    const other = diagnosticOn({ kind: 'Ingress', namespace: 'default', name: 'i7' }, 'FieldIgnored', 'no such field')
    writer.serve({ snapshot, compilation: { accepted: [] }, diagnostics: [...diagnostics, other] })
    await turn()
    assert.deepEqual([said, looks.filter((field) => field === 'message')], [['i7'], []])
  })
})
