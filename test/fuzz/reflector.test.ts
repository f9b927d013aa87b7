import { test } from 'node:test'

import * as fc from 'fast-check'

import { ingress, startApi } from '../support/api-client.ts'
import type { ApiClient, Reflecting } from '../support/api-client.ts'
import { eventOf, fail, statusOf } from '../support/fake-api-server.ts'
import type { FakeApiServer } from '../support/fake-api-server.ts'

/** What may happen to a cluster and to the connection to it, in any order. */
interface Step {
  readonly do:
    | ('put' | 'remove' | 'recreate' | 'repeat')
    | ('end' | 'destroy' | 'compact' | 'bookmark' | 'stop' | 'restore')
    | ('garbage' | 'refuse' | 'expire' | 'pass')
  /** Of the object that is meant. */
  readonly name: number
  readonly ms: number
}

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('put', 'remove', 'recreate') },
    { weight: 2, arbitrary: fc.constantFrom('end', 'destroy', 'compact', 'bookmark', 'stop', 'restore') },
    { weight: 3, arbitrary: fc.constantFrom('repeat', 'garbage', 'refuse', 'expire', 'pass') },
  ),
  name: fc.nat(15),
  ms: fc.integer({ min: 1, max: 20_000 }),
})

/** One history against one server and one reflector. */
class History {
  readonly #api: FakeApiServer
  readonly #client: ApiClient
  readonly #reflecting: Reflecting
  readonly #restore: () => void

  constructor(api: FakeApiServer, client: ApiClient) {
    this.#api = api
    this.#client = client
    for (let at = 0; at < 5; at++) api.put(ingress(`web-${at}`))
    this.#restore = api.save()
    this.#reflecting = client.reflect()
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const each of steps) {
      await this.#take(each)
      await this.#client.pass(1)
    }
  }

  /** Once all faults are over, what is held is what there is, and nothing else. */
  async settle(): Promise<void> {
    this.#api.script = undefined
    this.#api.endWatches('destroy')
    const wanted = (): string =>
      this.#api
        .objects('Ingress')
        .map(({ metadata }) => `shop/${metadata.name}@${String(metadata['resourceVersion'])}`)
        .toSorted()
        .join('\n')
    await this.#reflecting.until(() => this.#reflecting.held.join('\n') === wanted(), 500)
  }

  async #take(each: Step): Promise<void> {
    const api = this.#api
    if (each.do === 'pass') return this.#client.pass(each.ms)
    if (each.do === 'end' || each.do === 'destroy') return api.endWatches(each.do)
    if (each.do === 'compact') return api.compact()
    if (each.do === 'bookmark') return api.bookmark()
    if (each.do === 'stop' || each.do === 'restore') {
      await api.stop()
      if (each.do === 'restore') this.#restore()
      await this.#client.pass(2_000)
      return api.start()
    }
    this.#takeNamed(each.do, `web-${each.name}`)
  }

  #takeNamed(what: string, own: string): void {
    const api = this.#api
    const held = api.objects('Ingress').find(({ metadata }) => metadata.name === own)
    if (what === 'put') api.put(ingress(own))
    if (what === 'remove' && held !== undefined) api.remove('Ingress', 'shop', own)
    if (what === 'recreate' && held !== undefined) {
      api.remove('Ingress', 'shop', own)
      api.put(ingress(own))
    }
    if (what === 'repeat' && held !== undefined) api.write('ingresses', eventOf('MODIFIED', held))
    if (what === 'garbage') api.write('ingresses', `${own}\n`)
    if (what === 'refuse' || what === 'expire') this.#refuse(what)
  }

  #refuse(what: 'refuse' | 'expire'): void {
    let left = 2
    this.#api.script = (call, response) => {
      if (left-- === 0) this.#api.script = undefined
      if (what === 'refuse') fail(response, 500, 'InternalError')
      else if (call.watch) response.end(eventOf('ERROR', statusOf(410, 'Expired')))
      else return false
      return true
    }
  }
}

test('whatever happens to server and connection, in the end the copy is equal', { timeout: 120_000 }, async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { api, client } = await startApi(t)
      const history = new History(api, client)
      await history.run(steps)
      await history.settle()
      client.close()
      await api.stop()
    }),
    { numRuns: 60, seed: 20_261_126 },
  )
})
