import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, service, snapshotOf } from '../../test/support/objects.ts'
import { sourceObject } from '../../test/support/source-object.ts'
import type { JsonRecord, SourceObject } from '../model/index.ts'
import { Compiler } from './compile.ts'

const web = ingress('web', { rules: ['a.test / -> shop'] })

function shop(spec: JsonRecord): SourceObject {
  return sourceObject('Service', { metadata: { name: 'shop', namespace: 'default' }, spec })
}

suite('a backend that cannot be found is told of, with what there is instead', () => {
  const rows: readonly (readonly [what: string, services: readonly SourceObject[], code: string, hint: RegExp])[] = [
    ['nothing', [], 'ServiceNotFound', /^Add the Service/],
    ['a name nearly the same', [service('shops')], 'ServiceNotFound', /^Is shops meant\?$/],
    ['the name elsewhere', [service('shop', 'other')], 'ServiceNotFound', /^There is one in namespace other/],
    ['another port', [shop({ ports: [{ port: 8080 }] })], 'ServicePortNotFound', /^It has 8080\. The port is that of/],
    [
      'ports with names',
      [
        shop({
          ports: [
            { port: 8080, name: 'http' },
            { port: 53, name: 'dns', protocol: 'UDP' },
            { port: 9090, name: 'x' },
          ],
        }),
      ],
      'ServicePortNotFound',
      /^It has 8080 \(http\), 9090 \(x\)\. /,
    ],
    [
      'no TCP port',
      [shop({ ports: [{ port: 80, protocol: 'UDP' }] })],
      'ServicePortNotFound',
      /^The Service has no TCP port\.$/,
    ],
    [
      'a name outside',
      [shop({ type: 'ExternalName', externalName: 'shop.example.com' })],
      'ExternalNameNotAllowed',
      /--allow-external-name/,
    ],
  ]
  for (const [what, services, code, hint] of rows)
    test(what, () => {
      const { diagnostics, faults } = new Compiler(compileOptions).compile(snapshotOf([web, ...services]))
      assert.deepEqual([[...faults], diagnostics.map((each) => each.code)], [[['default/shop:80', code]], [code]])
      assert.match(diagnostics[0]?.hint ?? '', hint)
    })
})

test('a Service that is refused is not called missing, and is found again when it is mended', () => {
  const compiler = new Compiler(compileOptions)
  const toldOf = (...services: readonly SourceObject[]): string[] =>
    compiler
      .compile(snapshotOf([web, ...services]))
      .diagnostics.filter(({ object }) => object.kind === 'Ingress')
      .map(({ code, message }) => `${code} ${message}`)
  assert.deepEqual(toldOf(), ['ServiceNotFound there is no Service shop in namespace default: it answers 503'])
  assert.deepEqual(toldOf(shop({ ports: 80 })), [
    'ServiceNotFound Service default/shop is refused: spec.ports: the number 80 found, a list wanted; it answers 503',
  ])
  assert.deepEqual(toldOf(shop({ ports: [{ port: 80 }] })), [])
})

test('the default backend of the process is one backend with an Ingress that names it', () => {
  const options = { ...compileOptions, defaultBackend: 'default/shop' }
  const keysOf = (...objects: readonly SourceObject[]): string[] => [
    ...new Compiler(options).compile(snapshotOf([service('shop'), ...objects])).backends.keys(),
  ]
  assert.deepEqual([keysOf(), keysOf(web)], [['default/shop:80'], ['default/shop:80']])
})
