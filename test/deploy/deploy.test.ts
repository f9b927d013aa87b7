import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { commands } from '../../src/cli/index.ts'
import {
  componentNames,
  missingKubectl,
  overlays,
  readDeployed,
  renderAll,
  renderOverlay,
  renderSecondCopy,
} from './render.ts'
import type { Manifest } from './render.ts'
import { includes, printRight, rightsIn, subjectIn } from './rights.ts'

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

/** The ports that clients dial: those of the Service or of nodes, or what kind has the host pass on to these. */
function dialledPorts(name: string, manifests: readonly Manifest[]): (number | undefined)[] {
  const [front] = manifests.filter(({ kind, metadata }) => kind === 'Service' && metadata.name === 'lintel')
  const { spec } = front as unknown as { spec: { ports: readonly { port: number; nodePort?: number }[] } }
  if (name !== 'kind') return spec.ports.map(({ port, nodePort }) => nodePort ?? port)
  const passed = [...readDeployed('overlays/kind/cluster.yaml').matchAll(/containerPort: (\d+)\n *hostPort: (\d+)/g)]
  const hostPorts = new Map(passed.map(([, node, host]) => [Number(node), Number(host)]))
  return spec.ports.map(({ nodePort = 0 }) => hostPorts.get(nodePort))
}

function namesOf(manifests: readonly Manifest[]): string[] {
  return manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)
}

for (const name of overlays)
  test(`${name}: the manifest and the page say what client IP the pod sees`, () => {
    assert.match(readDeployed(`overlays/${name}/kustomization.yaml`), /^# .*The pod sees /m)
    const row = readDeployed('README.md')
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\``))
    const [, , , seen = ''] = row?.split('|') ?? []
    assert.notEqual(seen.trim(), '')
  })

test('the page tells of every overlay and component, and of no other', () => {
  const page = readDeployed('README.md')
  const rows = [...page.matchAll(/^\| `([a-z\d-]+)` +\|/gm)].map(([, name]) => name)
  const others = [...page.matchAll(/^The component `([a-z\d-]+)`/gm)].map(([, name]) => name)
  assert.deepEqual(new Set([...rows, ...others]), new Set([...overlays, ...componentNames]))
})

describe('deploy/', { skip: missingKubectl }, () => {
  for (const [name, manifests] of renderAll()) {
    test(`${name}: one object of each name, and every object in a namespace of its own or in none`, () => {
      const names = namesOf(manifests)
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

    test(`${name}: redirects lead to a port that clients can dial`, () => {
      const args = podOf(manifests).containers[0].args.join(' ')
      const told = ['http', 'https'].map((port) => new RegExp(`--public-${port}-port=(\\d+)`).exec(args)?.[1])
      assert.deepEqual([Number(told[0] ?? 80), Number(told[1] ?? 443)], dialledPorts(name, manifests))
    })

    test(`${name}: no right is given twice, nor one that another includes`, () => {
      const rights = rightsIn(manifests)
      assert.ok(rights.length > 0)
      const idle = rights.filter((right) => rights.some((other) => other !== right && includes(other, right)))
      assert.deepEqual(idle.map(printRight), [])
    })

    test(`${name}: the pod has the time to drain, and needs no right to a low port`, () => {
      const { terminationGracePeriodSeconds, containers } = podOf(manifests)
      const given = containers[0].args.flatMap((arg) => /^--drain-delay=(\d+)s$/.exec(arg)?.[1] ?? [])
      assert.ok(terminationGracePeriodSeconds >= Number(given[0] ?? 10) + 240)
      const ports = Object.fromEntries(
        containers[0].ports.map(({ name: port, containerPort }) => [port, containerPort]),
      )
      const { admission, ...others } = ports
      assert.deepEqual(others, { http: 8080, https: 8443, healthz: 10254 })
      assert.equal(admission, name.includes('admission-webhook') ? 9443 : undefined)
    })
  }

  test('a second copy takes no name from the first one: neither rights, nor the class, nor the Lease', () => {
    const second = renderSecondCopy()
    const first = new Set(namesOf(renderOverlay('cloud')))
    assert.deepEqual(
      namesOf(second).filter((name) => first.has(name)),
      [],
    )
    assert.equal(subjectIn(second), 'system:serviceaccount:lintel-internal:internal-lintel')
    const lease = rightsIn(second).filter(({ resource }) => resource === 'leases')
    assert.deepEqual([...new Set(lease.map(({ namespace }) => namespace))], ['lintel-internal'])
    const service = podOf(second).containers[0].args.find((arg) => arg.startsWith('--publish-service='))
    assert.ok(namesOf(second).includes(`Service lintel-internal/${service?.split('/')[1]}`))
  })

  test('one-namespace asks for nothing beyond its namespace', () => {
    for (const { kind, metadata } of renderOverlay('one-namespace')) assert.equal(metadata.namespace, 'team-a', kind)
  })
})
