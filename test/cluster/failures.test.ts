import { after, before, describe, test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { loseRealApiServer } from './exercises/api-outages.ts'
import { restartPods } from './exercises/rolling-restarts.ts'
import { apiServer } from './suites/api-server.ts'
import { makeCluster } from './support/cluster.ts'
import { welcomeLintel } from './support/lintel-rights.ts'
import { enterOwnNamespace } from './support/own-namespace.ts'

const skip = enterOwnNamespace()

/** A cluster that things are done to, one after another. */
describe('failures of a real cluster', { skip, timeout: 600_000 }, () => {
  const cluster = makeCluster()
  before(async () => {
    await cluster.start()
    await welcomeLintel(cluster.admin)
  })
  after(() => cluster.stop())

  describe('the API server of the tests', () => apiServer(cluster))

  test('pods that are replaced under load: no GET fails, no POST arrives twice', (t) =>
    holds(t, (course) => restartPods(cluster, course, { gets: 100, posts: 50 }), times(2)))

  test('an API server that is killed, hangs, has lost its history or has older data costs no request, nor do connections to it that are cut, held up or slow', (t) =>
    holds(t, (course) => loseRealApiServer(cluster, course, 5), times(1)))
})
