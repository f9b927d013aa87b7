import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { sourceObject } from '../../../test/support/source-object.ts'
import type { Json } from '../../model/index.ts'
import { readIngress } from './ingress.ts'

const web: Json = { service: { name: 'web', port: { number: 80 } } }

function ingress(spec: Json, more: Readonly<Record<string, Json>> = {}): ReturnType<typeof readIngress> {
  const value = { apiVersion: 'networking.k8s.io/v1', metadata: { name: 'web', namespace: 'default' }, spec, ...more }
  return readIngress(sourceObject('Ingress', value))
}

function fields({ diagnostics }: ReturnType<typeof readIngress>): string[] {
  return diagnostics.map(({ field }) => field)
}

function ruleWith(path: Json): { rules: Json } {
  return { rules: [{ http: { paths: [path] } }] }
}

suite('readIngress() reads what the API server accepts', () => {
  test('every field arrives, with the place where it stands', () => {
    const { value, diagnostics } = ingress({
      ingressClassName: 'lintel',
      defaultBackend: { resource: { kind: 'Bucket', name: 'files' } },
      rules: [
        { host: 'shop.test' },
        {
          host: '*.shop.test',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: web },
              { path: '/api', pathType: 'Exact', backend: { service: { name: '1api', port: { name: 'http' } } } },
            ],
          },
        },
      ],
      tls: [{ hosts: ['shop.test'], secretName: 'shop-tls' }, {}],
    })
    assert.deepEqual(diagnostics, [])
    assert.equal(value?.className, 'lintel')
    assert.deepEqual(value.defaultBackend, { field: 'spec.defaultBackend', service: undefined })
    assert.deepEqual(value.rules[0], { field: 'spec.rules[0]', host: 'shop.test', paths: undefined })
    assert.deepEqual(value.rules[1]?.paths?.[1], {
      field: 'spec.rules[1].http.paths[1]',
      path: '/api',
      pathType: 'Exact',
      backend: { field: 'spec.rules[1].http.paths[1].backend', service: { service: '1api', port: 'http' } },
    })
    assert.deepEqual(value.tls, [
      { field: 'spec.tls[0]', hosts: ['shop.test'], secretName: 'shop-tls' },
      { field: 'spec.tls[1]', hosts: [], secretName: undefined },
    ])
  })

  test('unknown fields are passed over and told of, unless something worse is wrong', () => {
    const path = { path: '/', pathType: 'Exact', backend: web, rewrite: 1 }
    const rules = [{ hosts: 'a.test', http: { paths: [path] } }]
    const read = ingress({ colour: 'red', rules }, { extra: [] })
    assert.equal(read.value?.rules[0]?.host, '')
    assert.deepEqual(
      read.diagnostics.map(({ code, severity, field, hint }) => [code, severity, field, hint]),
      [
        ['FieldIgnored', 'warning', 'extra', 'Remove it; kubectl refuses it too.'],
        ['FieldIgnored', 'warning', 'spec.colour', 'Remove it; kubectl refuses it too.'],
        ['FieldIgnored', 'warning', 'spec.rules[0].hosts', 'Is host meant?'],
        ['FieldIgnored', 'warning', 'spec.rules[0].http.paths[0].rewrite', 'Remove it; kubectl refuses it too.'],
      ],
    )
    assert.deepEqual(fields(ingress({ colour: 'red', rules: [{ host: 'A' }] })), ['spec.rules[0].host'])
  })
})

const long = 'a'.repeat(64)
const longest = `${'a.'.repeat(126)}a`

suite('readIngress() holds rules[].host to the API server (semantics 2.1)', () => {
  const accepted = ['', 'foo.bar.com', 'localhost', 'exact-path-rules', '1.2.3', '999.0.0.1', '*.foo.com', '*.com']
  const refused =
    'Foo.bar.com foo.bar.com. foo_bar.com foo.bar.com:8080 10.0.0.1 010.0.0.1 ::1 [::1] * *foo.com foo.*.com *.*.foo.com foo.com.* *. bücher.example -a.com foo..com'
  const unusual = [`${longest}a`, `*.${longest}`, ' foo.com', 'foo.com\n']
  for (const host of [...accepted, `${long}.com`, longest, 'xn--bcher-kva.example'])
    test(`accepts ${JSON.stringify(host)}`, () => {
      assert.deepEqual(ingress({ rules: [{ host }] }).diagnostics, [])
    })
  for (const host of [...refused.split(' '), ...unusual])
    test(`refuses ${JSON.stringify(host)}`, () => {
      const read = ingress({ rules: [{ host: 'ok.test' }, { host }] })
      assert.deepEqual(fields(read), ['spec.rules[1].host'])
      assert.equal(read.value, undefined)
    })

  const hints: readonly (readonly [string, RegExp])[] = [
    ['bücher.example', /xn--bcher-kva\.example/],
    ['Foo.bar.com', /lower case: foo\.bar\.com/],
    ['foo.bar.com:8080', /port: foo\.bar\.com/],
    ['https://foo.test', /without scheme/],
    ['foo.test.', /end: foo\.test\.$/],
    ['*', /leave host out/],
  ]
  for (const [host, hint] of hints)
    test(`tells how to write ${host}`, () => {
      assert.match(ingress({ rules: [{ host }] }).diagnostics[0]?.hint ?? '', hint)
    })
})

test('of a host that is far too long a part is repeated, and nothing is made of it', () => {
  for (const letter of ['ü', 'A', ':']) {
    const [found] = ingress({ rules: [{ host: letter.repeat(1_000_000) }] }).diagnostics
    assert.ok(found !== undefined && found.message.length < 200, `${found?.message.length}`)
    assert.match(found.hint, letter === ':' ? /leave host out/i : /at most 253/)
  }
})

suite('readIngress() holds tls[].hosts to the API server (semantics 1.1)', () => {
  for (const [host, valid] of [
    ['10.0.0.1', true],
    ['foo.com', true],
    ['*.foo.com', true],
    ['', false],
    ['*', false],
    ['Foo.com', false],
    ['::1', false],
  ] as const)
    test(`${valid ? 'accepts' : 'refuses'} ${JSON.stringify(host)}`, () => {
      const read = ingress({ defaultBackend: web, tls: [{ hosts: ['a.test', host, 'a.test'], secretName: 's' }] })
      assert.deepEqual(fields(read), valid ? [] : ['spec.tls[0].hosts[1]'])
    })

  test('refuses a secretName that no Secret can have', () => {
    assert.deepEqual(fields(ingress({ defaultBackend: web, tls: [{ secretName: 'A_b' }] })), ['spec.tls[0].secretName'])
  })
})

suite('readIngress() holds paths to the API server (semantics 3.1)', () => {
  const refused = ['', 'foo', '//', '/a//b', '/a/./b', '/a/../b', '/a%2fb', '/a%2Fb', '/.', '/..', '/a/.', '/a/..']
  const accepted = ['/', '/.foo', '/foo.', '/...', '/foo/.bar', '/foo/', '/a%20b', '/%41', '/%2e%2e/x', '/%zz', '/%']
  const odd = ['/a b', '/a?b', '/a#b', '/a;b', '/a"\'b', '/{a}', '/a\\b', '/a\u0000\nb', '/föö', '/a(.*)$']
  for (const pathType of ['Exact', 'Prefix']) {
    for (const path of [...accepted, ...odd])
      test(`accepts ${pathType} ${JSON.stringify(path)}`, () => {
        const read = ingress(ruleWith({ path, pathType, backend: web }))
        assert.deepEqual(read.diagnostics, [])
        assert.equal(read.value?.rules[0]?.paths?.[0]?.path, path)
      })
    for (const path of [...refused, null])
      test(`refuses ${pathType} ${JSON.stringify(path)}`, () => {
        const read = ingress(ruleWith({ path, pathType, backend: web }))
        assert.deepEqual(fields(read), ['spec.rules[0].http.paths[0].path'])
      })
  }
  for (const path of ['', null, '/', '/a//b/../c', '/..', '/%2f', '/~* ^/(.*)'])
    test(`accepts ImplementationSpecific ${JSON.stringify(path)}`, () => {
      assert.deepEqual(ingress(ruleWith({ path, pathType: 'ImplementationSpecific', backend: web })).diagnostics, [])
    })
  test('refuses ImplementationSpecific that is neither empty nor absolute', () => {
    const read = ingress(ruleWith({ path: 'foo', pathType: 'ImplementationSpecific', backend: web }))
    assert.deepEqual(fields(read), ['spec.rules[0].http.paths[0].path'])
  })
  test('accepts the same host, path and type twice', () => {
    const path = { path: '/', pathType: 'Exact', backend: web }
    assert.deepEqual(ingress({ rules: [{ http: { paths: [path, path] } }] }).diagnostics, [])
  })

  for (const pathType of [null, '', 'prefix', 'Regex', 1, {}])
    test(`refuses pathType ${JSON.stringify(pathType)}`, () => {
      const read = ingress(ruleWith({ path: '/', pathType, backend: web }))
      assert.deepEqual(fields(read), ['spec.rules[0].http.paths[0].pathType'])
    })
})

function service(port: Json, name: Json = 'web'): Json {
  return { service: { name, port } }
}

function resource(name: Json, more: Readonly<Record<string, Json>> = {}): Json {
  return { resource: { apiGroup: 'storage.test', kind: 'Bucket', name, ...more } }
}

suite('readIngress() holds backends to the API server (semantics 4.1)', () => {
  const rows: readonly (readonly [what: string, backend: Json, field: string | undefined])[] = [
    ['service by number', service({ number: 65_535 }), undefined],
    ['service by name', service({ name: 'http-alt' }), undefined],
    ['number 0 beside a name', service({ name: 'http', number: 0 }), undefined],
    ['a name that begins with a digit', service({ number: 1 }, '1web'), undefined],
    ['a resource', resource('files'), undefined],
    ['a resource of the core group', { resource: { kind: 'ConfigMap', name: 'x' } }, undefined],
    ['both', { ...web, resource: { kind: 'A', name: 'b' } }, ''],
    ['neither', {}, ''],
    ['an empty service name', service({ number: 80 }, ''), '.service.name'],
    ['no service name', service({ number: 80 }, null), '.service.name'],
    ['a service name with a dot', service({ number: 80 }, 'a.b'), '.service.name'],
    ['a service name of 64', service({ number: 80 }, long), '.service.name'],
    ['port name and number', service({ name: 'http', number: 80 }), '.service.port'],
    ['neither port name nor number', service({}), '.service.port'],
    ['no port', service(null), '.service.port'],
    ['number 0 alone', service({ number: 0 }), '.service.port'],
    ['a bare number', service(80), '.service.port'],
    ['number 65536', service({ number: 65_536 }), '.service.port.number'],
    ['number -1', service({ number: -1 }), '.service.port.number'],
    ['number 80.5', service({ number: 80.5 }), '.service.port.number'],
    ['a number in quotes', service({ number: '80' }), '.service.port.number'],
    ['a port name of 16', service({ name: 'a'.repeat(16) }), '.service.port.name'],
    ['a port name without letter', service({ name: '80' }), '.service.port.name'],
    ['a port name in upper case', service({ name: 'HTTP' }), '.service.port.name'],
    ['a port name with --', service({ name: 'a--b' }), '.service.port.name'],
    ['a port name with - first', service({ name: '-a' }), '.service.port.name'],
    ['a port name with - last', service({ name: 'a-' }), '.service.port.name'],
    ['a resource name with /', resource('a/b'), '.resource.name'],
    ['a resource name with %', resource('a%b'), '.resource.name'],
    ['a resource without name', resource(null), '.resource.name'],
    ['a resource without kind', resource('a', { kind: '' }), '.resource.kind'],
    ['a resource of no group', resource('a', { apiGroup: 'A_b' }), '.resource.apiGroup'],
  ]
  for (const [what, backend, field] of rows)
    test(`${field === undefined ? 'accepts' : 'refuses'} ${what}`, () => {
      const found = fields(ingress({ ...ruleWith({ path: '/', pathType: 'Exact', backend }), defaultBackend: backend }))
      const places = ['spec.defaultBackend', 'spec.rules[0].http.paths[0].backend']
      assert.deepEqual(found, field === undefined ? [] : places.map((place) => `${place}${field}`))
    })
})

suite('readIngress() refuses what has the wrong shape, and says it once', () => {
  const rows: readonly (readonly [spec: Json, fields: readonly string[]])[] = [
    [null, ['spec']],
    ['x', ['spec']],
    [{}, ['spec']],
    [{ rules: [] }, ['spec']],
    [{ rules: 'x', defaultBackend: web }, ['spec.rules']],
    [{ rules: [{ http: { paths: [] } }] }, ['spec.rules[0].http.paths']],
    [{ rules: [{ http: [] }] }, ['spec.rules[0].http']],
    [{ defaultBackend: web, ingressClassName: '' }, ['spec.ingressClassName']],
    [{ defaultBackend: web, ingressClassName: 5 }, ['spec.ingressClassName']],
    [{ defaultBackend: web, tls: {} }, ['spec.tls']],
    [ruleWith({ path: '/', pathType: 'Exact' }), ['spec.rules[0].http.paths[0].backend']],
  ]
  for (const [spec, wanted] of rows)
    test(JSON.stringify(spec).slice(0, 60), () => {
      assert.deepEqual(fields(ingress(spec)), wanted)
    })

  test('all faults of an object are found at once', () => {
    const path = { path: 'x', pathType: 'Exact', backend: {} }
    const at = 'spec.rules[0].http.paths[0]'
    assert.deepEqual(fields(ingress({ rules: [{ host: 'A', http: { paths: [path] } }] })), [
      'spec.rules[0].host',
      `${at}.path`,
      `${at}.backend`,
    ])
  })

  for (const apiVersion of ['extensions/v1beta1', 'networking.k8s.io/v1beta1', 'v1'])
    test(`apiVersion ${apiVersion}`, () => {
      const read = ingress({ defaultBackend: web }, { apiVersion })
      assert.deepEqual(fields(read), ['apiVersion'])
      assert.match(read.diagnostics[0]?.hint ?? '', /networking\.k8s\.io\/v1\b/)
    })

  for (const [metadata, field] of [
    [{ name: 'A_b' }, 'metadata.name'],
    [{ name: 'web', namespace: 'a.b' }, 'metadata.namespace'],
    [{ name: 'web', annotations: { a: true } }, 'metadata.annotations.a'],
    [{ name: 'web', annotations: [] }, 'metadata.annotations'],
    [{ name: 'web', annotations: { a: 'é'.repeat(131_072) } }, 'metadata.annotations'],
  ] as const)
    test(`metadata ${JSON.stringify(metadata).slice(0, 60)}`, () => {
      assert.deepEqual(fields(ingress({ defaultBackend: web }, { metadata })), [field])
    })

  test('a rule or a tls entry that is no map', () => {
    assert.deepEqual(fields(ingress({ defaultBackend: web, rules: [1], tls: ['a.test'] })), [
      'spec.rules[0]',
      'spec.tls[0]',
    ])
  })

  test('of any number of faults some are told, and they refuse it however many warnings stand before them', () => {
    const faults = ingress({ rules: Array.from({ length: 200_000 }, () => 1) })
    assert.deepEqual([typeof faults.value, faults.diagnostics.length], ['undefined', 1_000])
    const strange = Array.from({ length: 300 }, () => Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, 1])))
    const hidden = ingress({ rules: [...strange, { host: 'A' }] })
    assert.deepEqual([typeof hidden.value, fields(hidden)], ['undefined', ['spec.rules[300].host']])
  })

  test('a misspelt field is named in the hint', () => {
    const [type] = ingress(ruleWith({ path: '/', pathtype: 'Exact', backend: web })).diagnostics
    assert.equal(type?.hint, 'Write pathType instead of pathtype.')
    const [backend] = ingress(ruleWith({ path: '/', pathType: 'Exact', backends: web })).diagnostics
    assert.equal(backend?.hint, 'Write backend instead of backends.')
    const [paths] = ingress({ rules: [{ http: { path: [] } }] }).diagnostics
    assert.equal(paths?.hint, 'Write paths instead of path.')
  })
})
