import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { renderAll, renderOverlay } from '../../deploy/render.ts'
import type { Cluster } from '../support/cluster.ts'
import { makeObject } from '../support/objects.ts'

/** What `deploy/` installs, as the API server takes it. */
export function install(cluster: Cluster): void {
  before(async () => {
    for (const name of ['lintel', 'team-a', 'ingress-nginx'])
      await cluster.admin.apply(makeObject('Namespace', name, undefined, {}))
  })

  for (const [name, manifests] of renderAll())
    test(`it would take every object of ${name}`, async () => {
      const strict = { dryRun: 'All', fieldValidation: 'Strict' }
      for (const manifest of manifests) await cluster.admin.apply(manifest, strict)
    })

  test('the namespace takes the pod of the Deployment, and none that may more', async () => {
    const [namespace] = renderOverlay('cloud').filter(({ kind }) => kind === 'Namespace')
    assert.ok(namespace !== undefined)
    await cluster.admin.apply(namespace)
    const [deployment] = renderOverlay('cloud').filter(({ kind }) => kind === 'Deployment')
    const { spec } = deployment as unknown as { spec: { template: { spec: object } } }
    const dryRun = { dryRun: 'All' }
    await cluster.admin.create(makeObject('Pod', 'one', 'lintel', { spec: spec.template.spec }), dryRun)
    const more = { ...spec.template.spec, hostNetwork: true }
    await assert.rejects(
      cluster.admin.create(makeObject('Pod', 'two', 'lintel', { spec: more }), dryRun),
      /violates PodSecurity/,
    )
  })
}
