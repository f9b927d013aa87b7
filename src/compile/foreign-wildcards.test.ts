import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'

import { codesOf, madeSecret, shown } from '../../test/support/certificates-shown.ts'
import { makeTestCertificate } from '../../test/support/certificates.ts'
import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, snapshotOf } from '../../test/support/objects.ts'
import type { IngressText } from '../../test/support/objects.ts'
import type { Certificate, Compilation, HostTable, SourceObject } from '../model/index.ts'
import { Compiler } from './compile.ts'

let secrets: readonly SourceObject[]
let fallback: Certificate

before(async () => {
  fallback = await makeTestCertificate('fallback', ['default.test'])
  secrets = await Promise.all([
    madeSecret('exact', ['a.foo.test']),
    madeSecret('wild', ['*.foo.test']),
    madeSecret('many', ['a.foo.test', 'c.test']),
    madeSecret('foreign', ['a.foo.test', '*.foo.test', 'c.test'], 'foreign'),
  ])
})

function compile(...ingresses: readonly SourceObject[]): Compilation {
  return new Compiler({ ...compileOptions, selfMade: fallback }).compile(snapshotOf([...ingresses, ...secrets]))
}

const self = 'lintel/self-made'

/** Hosts beneath foo.test whose plain requests are sent to HTTPS. */
function redirectedHosts({ table }: Compilation): string[] {
  const redirected = [...table.hosts.values()].filter(isRedirected).map(({ host }) => host)
  return redirected.filter((host) => host.endsWith('.foo.test')).toSorted()
}

function isRedirected({ rules }: HostTable): boolean {
  return rules.some(({ middleware }) => middleware.some(({ name }) => name === 'https-redirect'))
}

suite('a wildcard of another namespace is nothing to a host with rules', () => {
  const www: IngressText = { class: 'nginx', rules: ['a.foo.test / -> s'] }
  const foreign = { class: 'nginx', namespace: 'foreign', created: 1, rules: ['their.test / -> s'] } as const
  const forced = { 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' }
  const unforced = { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' }
  const theirs = 'foreign/foreign'
  const rows: readonly (readonly [
    what: string,
    ingresses: readonly IngressText[],
    shown: Readonly<Record<string, string>>,
    redirected: readonly string[],
    codes?: string,
  ])[] = [
    [
      'that an entry names',
      [www, { ...foreign, tls: ['foreign:*.foo.test'] }],
      { 'a.foo.test': self, 'b.foo.test': theirs },
      [],
    ],
    [
      'without a Secret',
      [www, { ...foreign, tls: [':*.foo.test', 'gone:*.foo.test'] }],
      { 'a.foo.test': self, 'b.foo.test': self },
      [],
      'SecretNotFound',
    ],
    [
      'with a rule of its own',
      [www, { ...foreign, rules: ['*.foo.test / -> s'], tls: ['foreign:*.foo.test'] }],
      { 'a.foo.test': self, 'b.foo.test': theirs },
      ['*.foo.test'],
    ],
    [
      'of a certificate in an entry without hosts',
      [www, { ...foreign, tls: ['foreign:'] }],
      { 'a.foo.test': self, 'b.foo.test': theirs },
      [],
    ],
    [
      'beside its exact name',
      [www, { ...foreign, tls: ['foreign:*.foo.test a.foo.test'] }],
      { 'a.foo.test': self, 'b.foo.test': theirs },
      [],
      'PathConflict',
    ],
    [
      'even where HTTPS is forced',
      [
        { ...www, annotations: forced },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': self },
      ['a.foo.test'],
    ],
    [
      'with an entry of its own for it',
      [
        { ...www, tls: ['exact:a.foo.test'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': 'exact', 'b.foo.test': theirs },
      ['a.foo.test'],
    ],
    [
      'with an entry of its own whose Secret is missing',
      [
        { ...www, tls: ['gone:a.foo.test'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': self, 'b.foo.test': theirs },
      ['a.foo.test'],
      'SecretNotFound',
    ],
    [
      'with an entry for another host',
      [
        { ...www, tls: ['exact:other.test'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': self },
      ['a.foo.test'],
      'CertificateHostMismatch',
    ],
    [
      'with the same wildcard of its own, which the other one has',
      [
        { ...www, tls: ['wild:*.foo.test'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': 'wild', 'b.foo.test': theirs },
      ['a.foo.test'],
      'PathConflict',
    ],
    [
      'with the same wildcard in another Ingress of its own',
      [
        www,
        { ...www, rules: ['own.test / -> s'], tls: ['wild:*.foo.test'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': 'wild', 'b.foo.test': theirs },
      ['a.foo.test'],
      'PathConflict',
    ],
    [
      'with a wildcard of its own beneath rules without TLS',
      [
        { ...www, tls: ['wild:*.foo.test'] },
        { ...foreign, rules: ['*.foo.test / -> s'] },
      ],
      { 'a.foo.test': 'wild', 'b.foo.test': self },
      ['a.foo.test'],
      'PathConflict',
    ],
    [
      'with a wildcard of its own that is older',
      [
        www,
        { ...www, created: 0, rules: ['own.test / -> s'], tls: ['wild:*.foo.test'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': 'wild', 'b.foo.test': 'wild' },
      ['a.foo.test'],
      'PathConflict',
    ],
    [
      'with the name in a certificate of its own entry without hosts',
      [
        { ...www, tls: ['many:'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': 'many', 'b.foo.test': theirs },
      ['a.foo.test'],
    ],
    [
      'with the wildcard in a certificate of its own entry without hosts',
      [www, { ...www, rules: ['own.test / -> s'], tls: ['wild:'] }, { ...foreign, tls: ['foreign:'] }],
      { 'a.foo.test': 'wild', 'b.foo.test': theirs },
      ['a.foo.test'],
    ],
    [
      'but one of its own namespace is, in whatever Ingress',
      [www, { ...www, rules: ['own.test / -> s'], tls: ['wild:*.foo.test'] }],
      { 'a.foo.test': 'wild', 'b.foo.test': 'wild' },
      ['a.foo.test'],
    ],
    [
      'and does not send it to HTTPS where its own says not to',
      [
        { ...www, annotations: unforced, tls: ['wild:*.foo.test'] },
        { ...foreign, tls: ['foreign:*.foo.test'] },
      ],
      { 'a.foo.test': 'wild' },
      [],
      'PathConflict',
    ],
    [
      'and neither is an exact entry of another one to a wildcard with rules',
      [
        { class: 'nginx', rules: ['*.foo.test / -> s'], tls: ['wild:*.foo.test'] },
        { ...foreign, tls: ['foreign:a.foo.test'] },
      ],
      { 'a.foo.test': 'wild', 'b.foo.test': 'wild' },
      ['*.foo.test'],
      'PathConflict',
    ],
  ]
  for (const [what, ingresses, expected, redirected, codes = ''] of rows)
    test(what, () => {
      const compilation = compile(...ingresses.map((text, at) => ingress(`i${at}`, text)))
      const found = Object.keys(expected).map((sni) => [sni, shown(compilation, sni)])
      assert.deepEqual(Object.fromEntries(found), expected)
      assert.deepEqual(redirectedHosts(compilation), redirected)
      assert.equal(codesOf(compilation), codes)
    })

  test('which is noticed when it comes and goes, or its owner does', () => {
    const one = ingress('one', www)
    const wildcard = ingress('wildcard', { ...foreign, tls: ['foreign:*.foo.test'] })
    const nameless = ingress('nameless', { ...foreign, tls: ['foreign:'] })
    const own = ingress('own', { class: 'nginx', created: 0, rules: ['*.foo.test / -> s'], tls: ['wild:*.foo.test'] })
    const states = [
      [one],
      [one, wildcard],
      [one, wildcard, own],
      [one, own],
      [one, nameless],
      [wildcard],
      [one, wildcard],
    ]
    const compiler = new Compiler({ ...compileOptions, selfMade: fallback })
    const found = states.map((given) => {
      const compilation = compiler.compile(snapshotOf([...given, ...secrets]))
      return [shown(compilation, 'a.foo.test'), redirectedHosts(compilation).join(' ')]
    })
    assert.deepEqual(found, [
      [self, ''],
      [self, ''],
      ['wild', '*.foo.test a.foo.test'],
      ['wild', '*.foo.test a.foo.test'],
      [self, ''],
      [theirs, ''],
      [self, ''],
    ])
  })
})
