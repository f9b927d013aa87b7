import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { readRecording } from '../cluster/support/recordings.ts'
import { shapeOf, strangers } from '../cluster/support/shape.ts'
import { fail, FakeApiServer } from './fake-api-server.ts'
import type { FakeObject } from './fake-api-server.ts'

/** What the fake answers has to be a part of what the real server answered to the same request. */
function assertPart(name: string, { status, body }: { readonly status: number; readonly body: unknown }): void {
  const recording = readRecording(name)
  assert.equal(status, recording.status, name)
  assert.deepEqual(strangers(shapeOf(body), shapeOf(recording.body)), [], name)
}

const ingresses = '/apis/networking.k8s.io/v1/namespaces/recorded/ingresses'

function ingress(name: string): FakeObject {
  const { metadata, ...rest } = readRecording('object').body as FakeObject
  return { ...rest, metadata: { name, namespace: metadata.namespace ?? '' } }
}

async function startFake(t: TestContext): Promise<FakeApiServer> {
  const fake = new FakeApiServer()
  await fake.start()
  t.after(() => fake.stop())
  fake.put(ingress('one'))
  fake.put(ingress('two'))
  return fake
}

async function get(fake: FakeApiServer, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${fake.url}${path}`)
  return { status: response.status, body: await response.json() }
}

async function follow(fake: FakeApiServer, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${fake.url}${path}`)
  const lines = (await response.text()).trim().split('\n')
  return { status: response.status, body: lines.map((line): unknown => JSON.parse(line)) }
}

test('objects, lists and pages have the shapes of the real ones', async (t) => {
  const fake = await startFake(t)
  assertPart('object', await get(fake, `${ingresses}/one`))
  assertPart('list', await get(fake, ingresses))
  assertPart('page', await get(fake, `${ingresses}?limit=1`))
  assertPart('not-found', await get(fake, `${ingresses}/none`))
})

test('events, bookmarks and errors of watches have the shapes of the real ones', async (t) => {
  const fake = await startFake(t)
  const watch = follow(fake, `${ingresses}?watch=true&resourceVersion=${fake.version - 1}`)
  await fake.until(() => fake.watching === 1)
  fake.bookmark()
  fake.endWatches()
  assertPart('watch', await watch)
  fake.compact()
  assertPart('watch-expired', await follow(fake, `${ingresses}?watch=true&resourceVersion=1`))
})

test('refusals have the shapes of the real ones', async (t) => {
  const fake = await startFake(t)
  for (const name of ['unauthorized', 'forbidden', 'already-exists', 'conflict', 'invalid', 'list-expired']) {
    const { status, body } = readRecording(name)
    fake.script = (_, response) => {
      fail(response, status, (body as { reason: string }).reason)
      return true
    }
    assertPart(name, await get(fake, ingresses))
  }
})
