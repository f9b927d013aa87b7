import { readFileSync } from 'node:fs'

import { startLintel } from '../../support/lintel.ts'
import { makeManifestFolder } from '../../support/manifests.ts'
import { bodyLimit, smallPath } from '../site.ts'
import type { Site } from '../site.ts'
import type { Target } from './target.ts'

const hasty = [
  '--client-head-timeout',
  '2s',
  '--client-body-timeout',
  '2s',
  '--keep-alive-timeout',
  '2s',
  '--upstream-timeout',
  '1s',
]
/** A head that comes an octet at a time on a busy machine is not what this deadline is for. */
const patient = ['--client-head-timeout', '120s']
const packageFile = new URL('../../../package.json', import.meta.url)

/** As shipped, but for deadlines. */
export const lintel: Target = {
  name: 'lintel',
  version: () => `Lintel ${(JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version}`,
  start: async (site, impatient) => {
    const folder = makeManifestFolder()
    folder.write('site.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: describe(site) }))
    const backends = Object.entries(site.ports).flatMap(([service, port]) => [
      '--backend',
      `${service}:80=127.0.0.1:${port}`,
    ])
    const running = await startLintel([folder.path, ...backends, ...(impatient ? hasty : patient)])
    return {
      port: running.httpPort,
      stop: async () => {
        await running.stop('SIGTERM')
        folder.remove()
      },
    }
  },
}

function describe({ fillers }: Pick<Site, 'ports' | 'fillers'>): object[] {
  const hosts: [string, [string, string][]][] = [
    [
      'a.test',
      [
        ['/', 'open'],
        ['/api', 'api'],
      ],
    ],
    ['b.test', [['/', 'other']]],
    ...fillers.map((host): [string, [string, string][]] => [host, [['/', 'other']]]),
  ]
  const guard = { 'nginx.ingress.kubernetes.io/auth-url': 'http://127.0.0.1:1/' }
  const limit = { 'nginx.ingress.kubernetes.io/proxy-body-size': `${bodyLimit}` }
  return [
    ingress(
      'site',
      {},
      hosts.map(([host, paths]) => rule(host, paths)),
    ),
    ingress('guarded', guard, [rule('a.test', [['/admin', 'open']])]),
    ingress('limited', limit, [rule('a.test', [[smallPath, 'open']])]),
  ]
}

function ingress(name: string, annotations: object, rules: object[]): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, annotations },
    spec: { ingressClassName: 'lintel', rules },
  }
}

function rule(host: string, paths: readonly (readonly [path: string, service: string])[]): object {
  return {
    host,
    http: {
      paths: paths.map(([path, name]) => ({
        path,
        pathType: 'Prefix',
        backend: { service: { name, port: { number: 80 } } },
      })),
    },
  }
}
