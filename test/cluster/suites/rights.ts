import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { renderAll } from '../../deploy/render.ts'
import type { Manifest } from '../../deploy/render.ts'
import { includes, printRight, rightsIn } from '../../deploy/rights.ts'
import type { Right } from '../../deploy/rights.ts'
import { makeTestCertificate } from '../../support/certificates.ts'
import { AuditLog } from '../support/audit.ts'
import type { Request } from '../support/audit.ts'
import type { Cluster } from '../support/cluster.ts'
import { Installation } from '../support/installation.ts'
import { makeObject } from '../support/objects.ts'
import { namespaceFolder } from '../support/own-namespace.ts'
import type { KubeObject } from '../support/resources.ts'
import { untilTrue } from '../support/until.ts'

/** Granted more widely than it is used, by verb and resource. */
const kept: Readonly<Record<string, string>> = {
  'get pods': 'its own pod alone, whose name nobody knows before it is there',
  'update secrets': 'the certificate of the webhook, when it is renewed after months',
}
/** Asked for, and refused, where classes are known by their names. */
const refusedClasses = 'list ingressclasses everywhere'

/** A use of every right ends the wait; the deadline ends it for one that is not used. */
const longestWait = 60_000

/** The API server has to write down what service accounts ask. */
export function rights(cluster: Cluster): void {
  let log: AuditLog
  before(() => (log = new AuditLog(namespaceFolder())))
  after(() => log.close())

  for (const [at, [names, manifests]] of formsOf(renderAll()).entries())
    test(`${names}: Lintel is granted what it asks for, and nothing else`, async (t) => {
      const installation = new Installation(cluster, `rights-${at}`, manifests)
      await installation.install()
      const places = installation.watched.map((namespace, index) => [`${namespace}-${index}`, namespace] as const)
      for (const place of places) await trouble(place, installation.ingressClass)
      const lintel = await installation.start()
      t.after(() => lintel.stop())
      for (const place of places) await bringUpAgain(place)
      const asked = (): readonly Request[] => log.of(installation.subject)
      const idle = (): Right[] => idleOf(installation, asked())
      await untilTrue('every right is used', () => Promise.resolve(idle().length === 0), longestWait).catch(
        () => undefined,
      )
      const denied = asked().filter(({ allowed }) => !allowed)
      assert.deepEqual(
        { idle: idle().map(printRight), denied: [...new Set(denied.map(printRight))] },
        { idle: [], denied: installation.mayReadClasses ? [] : [refusedClasses] },
      )
    })

  /** An Ingress with a Secret, whose Service is not there: that is worth an Event. */
  async function trouble([name, namespace]: readonly [string, string], ingressClass: string): Promise<void> {
    await cluster.admin.create(await secretFor(name, namespace))
    await cluster.admin.create(ingressFor(name, namespace, ingressClass))
  }

  /** Another trouble takes the place of the first one, which then comes again: its Event is counted. */
  async function bringUpAgain([name, namespace]: readonly [string, string]): Promise<void> {
    const said = (reason: string): Promise<unknown> =>
      cluster.admin.until({ kind: 'Event', namespace }, (events) =>
        events.some((event) => event['reason'] === reason && isAbout(event, name)),
      )
    await said('ServiceNotFound')
    await cluster.admin.create(makeObject('Service', name, namespace, { spec: { ports: [{ port: 81 }] } }))
    await said('ServicePortNotFound')
    await cluster.admin.remove({ kind: 'Service', namespace, name })
  }
}

/** Some overlays differ in no right: one of them speaks for all. */
function formsOf(installations: ReadonlyMap<string, readonly Manifest[]>): [string, readonly Manifest[]][] {
  const forms = new Map<string, [string, readonly Manifest[]]>()
  for (const [name, manifests] of installations) {
    const key = JSON.stringify(rightsIn(manifests))
    const [names = name] = forms.get(key) ?? []
    forms.set(key, [names === name ? name : `${names}, ${name}`, manifests])
  }
  return [...forms.values()]
}

function idleOf(installation: Installation, asked: readonly Request[]): Right[] {
  return installation.rights.filter((right) => !(`${right.verb} ${right.resource}` in kept) && !isUsed(right, asked))
}

/** Whether all of it is needed: one that is not restricted to a namespace, or to a name, is asked for without, or for several. */
function isUsed(right: Right, requests: readonly Request[]): boolean {
  const uses = requests.filter((request) => includes(right, request))
  const namespaces = uses.map(({ namespace }) => namespace)
  const names = uses.map(({ name }) => name)
  return isNeeded(right.namespace, namespaces) && isNeeded(right.name, names)
}

function isNeeded(restriction: string | undefined, used: readonly (string | undefined)[]): boolean {
  if (restriction !== undefined) return used.length > 0
  return used.includes(undefined) || new Set(used).size > 1
}

function isAbout(event: KubeObject, name: string): boolean {
  return (event['involvedObject'] as { name?: string }).name === name
}

async function secretFor(name: string, namespace: string): Promise<Manifest> {
  const { chain, key } = await makeTestCertificate(name, [`${name}.test`])
  const stringData = { 'tls.crt': chain, 'tls.key': key }
  return makeObject('Secret', name, namespace, { type: 'kubernetes.io/tls', stringData })
}

function ingressFor(name: string, namespace: string, ingressClassName: string): Manifest {
  const host = `${name}.test`
  const backend = { service: { name, port: { number: 80 } } }
  const rules = [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }]
  const tls = [{ hosts: [host], secretName: name }]
  return makeObject('Ingress', name, namespace, { spec: { ingressClassName, rules, tls } })
}
