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

suite('what is told of backends that cannot be found is', () => {
  const paths = Array.from({ length: 1_200 }, (_, at) => `a.test /${at} -> shop${at}`)
  const many = ingress('many', { rules: paths })

  test('a hint of what may be meant for the first ten, and no more than 1,000 findings', () => {
    const compilation = new Compiler(compileOptions).compile(snapshotOf([many, service('shoq1'), web]))
    const found = compilation.diagnostics.filter(({ object }) => object === many.ref)
    assert.equal(compilation.faults.size, paths.length + 1)
    assert.equal(found.length, 1_000)
    const hinted = found.filter(({ hint }) => hint === 'Is shoq1 meant?').map(({ field }) => field)
    // Nearly the same are shop10 to shop19 too.
    assert.deepEqual(hinted, ['spec.rules[1].http.paths[0].backend.service.name'])
  })

  test('told anew when a Service comes or goes that may be meant, and only then', () => {
    const compiler = new Compiler(compileOptions)
    const toldOf = (...services: readonly SourceObject[]): unknown => {
      const { diagnostics } = compiler.compile(snapshotOf([web, ...services]))
      return diagnostics.find(({ object }) => object === web.ref)
    }
    const hintOf = (...services: readonly SourceObject[]): string => (toldOf(...services) as { hint: string }).hint
    const shops = service('shops')
    assert.match(hintOf(), /^Add the Service/)
    assert.match(hintOf(shops), /^Is shops meant/)
    assert.match(hintOf(service('shop', 'other')), /in namespace other/)
    assert.match(hintOf(), /^Add the Service/)
    const told = toldOf(shops)
    assert.equal(toldOf(shops, service('far', 'other')), told)
    assert.equal(toldOf(service('shops'), service('far', 'other')), told)
  })

  test('ten ports of a Service that has more', () => {
    const ports = Array.from({ length: 11 }, (_, at) => ({ port: at + 1, name: `p${at}` }))
    const [found] = new Compiler(compileOptions).compile(snapshotOf([web, shop({ ports })])).diagnostics
    assert.match(found?.hint ?? '', /^It has 1 \(p0\), .* 10 \(p9\), …\. /)
  })
})
