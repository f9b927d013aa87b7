import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { commands } from '../../src/cli/index.ts'
import { missingKubectl, overlays, renderOverlay, renderWith, secretScopes } from './render.ts'
import type { Manifest } from './render.ts'

interface PodSpec {
  readonly terminationGracePeriodSeconds: number
  readonly containers: readonly [
    { readonly args: readonly string[]; readonly ports: readonly { name: string; containerPort: number }[] },
  ]
}

function podOf(manifests: readonly Manifest[]): PodSpec {
  const [deployment] = manifests.filter(({ kind }) => kind === 'Deployment')
  return (deployment as unknown as { spec: { template: { spec: PodSpec } } }).spec.template.spec
}

describe('deploy/', { skip: missingKubectl }, () => {
  const rendered = new Map([
    ...overlays.map((name) => [name, renderOverlay(name)] as const),
    ...secretScopes.map((scope) => [`base with secrets-${scope}`, renderWith(`secrets-${scope}`)] as const),
    ['base with admission-webhook', renderWith('secrets-named', 'admission-webhook')] as const,
  ])

  for (const [name, manifests] of rendered) {
    test(`${name}: one object of each name, and every object in a namespace of its own or in none`, () => {
      const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)
      assert.equal(new Set(names).size, names.length)
      assert.ok(names.some((one) => one.startsWith('Deployment ')))
    })

    test(`${name}: Lintel knows each flag`, () => {
      const serve = commands.find((command) => command.name === 'serve')
      const known = new Set(serve?.flags.map((flag) => flag.name))
      for (const arg of podOf(manifests).containers[0].args) {
        const [, flag = ''] = /^--([a-z-]+)(=.*)?$/.exec(arg) ?? []
        assert.ok(known.has(flag), arg)
      }
    })

    test(`${name}: the pod has the time to drain, and needs no right to a low port`, () => {
      const { terminationGracePeriodSeconds, containers } = podOf(manifests)
      assert.ok(terminationGracePeriodSeconds >= 10 + 240)
      const ports = Object.fromEntries(
        containers[0].ports.map(({ name: port, containerPort }) => [port, containerPort]),
      )
      const { admission, ...others } = ports
      assert.deepEqual(others, { http: 8080, https: 8443, healthz: 10254 })
      assert.equal(admission, name.endsWith('admission-webhook') ? 9443 : undefined)
    })
  }

  test('one-namespace asks for nothing beyond its namespace', () => {
    for (const { kind, metadata } of renderOverlay('one-namespace')) assert.equal(metadata.namespace, 'team-a', kind)
  })
})
