import { after, before, describe, test } from 'node:test'

import { missingKubectl } from '../deploy/render.ts'
import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { killLeaders } from './exercises/leader-kills.ts'
import { mutateObjects } from './exercises/mutated-objects.ts'
import { replaceReplicas } from './exercises/rolling-replacement.ts'
import { admission } from './suites/admission.ts'
import { certManager } from './suites/cert-manager.ts'
import { conformance } from './suites/conformance.ts'
import { inPod } from './suites/in-pod.ts'
import { install } from './suites/install.ts'
import { pods } from './suites/pods.ts'
import { publish } from './suites/publish.ts'
import { rights } from './suites/rights.ts'
import { auditArgs } from './support/audit.ts'
import { makeCluster } from './support/cluster.ts'
import { welcomeLintel } from './support/lintel-rights.ts'
import { enterOwnNamespace, namespaceFolder } from './support/own-namespace.ts'

const skip = enterOwnNamespace()
const inTurn = { concurrency: 1 }

/** One cluster for all: each has namespaces, a class and a Lease of its own. Most of the time they wait, so they overlap. */
describe('a real cluster', { skip, timeout: 600_000, concurrency: 4 }, () => {
  const cluster = makeCluster([...auditArgs(namespaceFolder()), '--enable-aggregator-routing=true'])
  before(async () => {
    await cluster.start()
    await welcomeLintel(cluster.admin)
  })
  after(() => cluster.stop())

  // What takes longest begins first.
  describe('Ingress conformance', inTurn, () => conformance(cluster))

  test('mutated objects among good ones: good routes stay, and each refusal is told once', (t) =>
    holds(t, (course) => mutateObjects(cluster, course, { objects: 200, seed: 1 }), times(1)))

  test('the leader killed: another replica writes statuses, and its traffic notices nothing', (t) =>
    holds(t, (course) => killLeaders(cluster, course), times(1)))

  test('two replicas replaced one after the other behind a balancer: no request fails', (t) =>
    holds(t, (course) => replaceReplicas(cluster, course), times(1)))

  describe('the admission webhook', { ...inTurn, skip: missingKubectl }, () => admission(cluster))
  describe('challenges of cert-manager', inTurn, () => certManager(cluster))
  describe('statuses and Events', inTurn, () => publish(cluster))
  describe('deploy/', { ...inTurn, skip: missingKubectl }, () => install(cluster))
  describe('rights', { concurrency: 3, skip: missingKubectl }, () => rights(cluster))
  describe('in a pod', inTurn, () => inPod(cluster))
  describe('pods', inTurn, () => pods(cluster))
})
