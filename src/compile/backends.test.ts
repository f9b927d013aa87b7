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

test('the default backend of the process is one backend with an Ingress that names it', () => {
  const options = { ...compileOptions, defaultBackend: 'default/shop' }
  const keysOf = (...objects: readonly SourceObject[]): string[] => [
    ...new Compiler(options).compile(snapshotOf([service('shop'), ...objects])).backends.keys(),
  ]
  assert.deepEqual([keysOf(), keysOf(web)], [['default/shop:80'], ['default/shop:80']])
})
