import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'

import { codesOf, madeSecret as made, shown } from '../../test/support/certificates-shown.ts'
import { makeTestCertificate } from '../../test/support/certificates.ts'
import { compileOptions } from '../../test/support/compile-options.ts'
import { ingress, snapshotOf, tlsSecret } from '../../test/support/objects.ts'
import type { IngressText } from '../../test/support/objects.ts'
import { sourceObject } from '../../test/support/source-object.ts'
import type { Certificate, Compilation, SourceObject } from '../model/index.ts'
import { Compiler } from './compile.ts'

let secrets: readonly SourceObject[]
let fallback: Certificate
before(async () => {
  fallback = await makeTestCertificate('fallback', ['default.test'])
  secrets = await Promise.all([
    made('exact', ['a.foo.test']),
    made('other', ['a.foo.test']),
    made('wild', ['*.foo.test']),
    made('many', ['a.foo.test', 'b.bar.test', '*.bar.test', 'c.test']),
    made('rsa', ['a.foo.test'], 'default', 'rsa'),
    made('foreign', ['a.foo.test', '*.foo.test', 'c.test'], 'foreign'),
  ])
})

function compile(...ingresses: readonly SourceObject[]): Compilation {
  return new Compiler({ ...compileOptions, selfMade: fallback }).compile(snapshotOf([...ingresses, ...secrets]))
}

const self = 'lintel/self-made'

suite('a server name is shown (semantics 6.2, T-4 to T-9)', () => {
  const rules = ['a.foo.test / -> s']
  const rows: readonly (readonly [
    what: string,
    ingresses: readonly IngressText[],
    shown: Readonly<Record<string, string>>,
    codes?: string,
  ])[] = [
    [
      'the certificate of its exact entry, before that of a wildcard',
      [{ rules, tls: ['wild:*.foo.test', 'exact:a.foo.test'] }],
      { 'a.foo.test': 'exact', 'b.foo.test': 'wild' },
    ],
    [
      'that of a one-label wildcard',
      [{ rules, tls: ['wild:*.foo.test'] }],
      { 'a.foo.test': 'wild', 'foo.test': self, 'b.a.foo.test': self },
    ],
    [
      'the older Ingress first',
      [
        { created: 2, rules, tls: ['exact:a.foo.test'] },
        { created: 1, rules: ['b.test / -> s'], tls: ['other:a.foo.test'] },
      ],
      { 'a.foo.test': 'other' },
      'PathConflict',
    ],
    [
      'then the first in the list',
      [{ rules, tls: ['other:a.foo.test', 'exact:a.foo.test'] }],
      { 'a.foo.test': 'other' },
      'PathConflict',
    ],
    [
      'the names of an entry without hosts, where nobody names them',
      [{ rules: ['* / -> s'], tls: ['many:'] }],
      { 'a.foo.test': 'many', 'b.bar.test': 'many', 'x.bar.test': 'many', 'c.test': 'many', 'd.test': self },
    ],
    [
      'an exact entry before one without hosts, however old',
      [
        { created: 1, rules, tls: ['many:'] },
        { created: 2, rules: ['b.test / -> s'], tls: ['exact:a.foo.test'] },
      ],
      { 'a.foo.test': 'exact', 'c.test': 'many' },
    ],
    [
      'a wildcard entry before one without hosts',
      [
        { created: 1, rules, tls: ['many:'] },
        { created: 2, rules: ['b.test / -> s'], tls: ['wild:*.foo.test'] },
      ],
      { 'a.foo.test': 'wild', 'c.test': 'many' },
    ],
    [
      'two kinds of keys side by side, ECDSA first',
      [{ rules, tls: ['rsa:a.foo.test', 'exact:a.foo.test'] }],
      { 'a.foo.test': 'exact rsa' },
    ],
    ['the default without an entry', [{ rules }], { 'a.foo.test': self }],
    ['the default where the entry has no Secret', [{ rules, tls: [':a.foo.test'] }], { 'a.foo.test': self }],
    [
      'the default where the Secret is missing',
      [{ rules, tls: ['gone:a.foo.test'] }],
      { 'a.foo.test': self },
      'SecretNotFound',
    ],
    [
      'the default where the certificate is for other names',
      [{ rules, tls: ['wild:a.foo.test foo.test'] }],
      { 'a.foo.test': 'wild', 'foo.test': self },
      'CertificateHostMismatch',
    ],
    [
      'nothing of another namespace than the Ingress',
      [{ rules, tls: ['foreign:a.foo.test'] }],
      { 'a.foo.test': self },
      'SecretNotFound',
    ],
    [
      'nothing of an Ingress in another namespace than the owner of the host',
      [
        { created: 2, rules },
        { created: 3, namespace: 'foreign', rules: ['b.test / -> s'], tls: ['foreign:a.foo.test'] },
      ],
      { 'a.foo.test': self },
      'PathConflict',
    ],
    [
      'nothing of a foreign entry without hosts',
      [
        { created: 2, rules: ['*.foo.test / -> s'], tls: ['wild:*.foo.test'] },
        { created: 1, namespace: 'foreign', rules: ['b.test / -> s'], tls: ['foreign:'] },
      ],
      { 'a.foo.test': 'wild', 'x.foo.test': 'wild', 'c.test': 'foreign/foreign' },
    ],
    [
      'without rules, what the first Ingress says that lists it',
      [
        { created: 2, rules: ['b.test / -> s'], tls: ['exact:a.foo.test'] },
        { created: 1, namespace: 'foreign', rules: ['c.test / -> s'], tls: ['foreign:a.foo.test'] },
      ],
      { 'a.foo.test': 'foreign/foreign' },
      'PathConflict',
    ],
  ]
  for (const [what, ingresses, expected, codes = ''] of rows)
    test(what, () => {
      const compilation = compile(...ingresses.map((text, at) => ingress(`i${at}`, text)))
      const found = Object.keys(expected).map((sni) => [sni, shown(compilation, sni)])
      assert.deepEqual(Object.fromEntries(found), expected)
      assert.equal(codesOf(compilation), codes)
    })
})

test('what is wrong with a certificate is told with the names that there are', async () => {
  const nameless = await made('nameless', [])
  const texts = [
    { rules: ['a.foo.test / -> s'], tls: ['exacd:a.foo.test', 'nameless:a.foo.test', 'faraway:a.foo.test'] },
  ]
  const { diagnostics } = compile(nameless, ...texts.map((text, at) => ingress(`i${at}`, text)))
  const said = diagnostics
    .filter(({ code }) => code !== 'ServiceNotFound')
    .map(({ message, hint }) => `${message} ${hint}`)
  assert.equal(said.length, 3)
  assert.match(said[0] ?? '', /no Secret exacd .* Is exact meant\?$/)
  assert.match(said[1] ?? '', /no Secret faraway .* Add a Secret faraway /)
  assert.match(said[2] ?? '', /Secret nameless is for no DNS name, not for a\.foo\.test/)
})

test('of a Secret that nobody could read nothing is said but that', () => {
  const objects = [ingress('web', { rules: ['a.foo.test / -> s'], tls: ['unread:a.foo.test'] })]
  const snapshot = { ...snapshotOf(objects), unread: new Map([['default/unread', 'it is late']]) }
  const compiler = new Compiler({ ...compileOptions, defaultCertificate: 'default/unread' })
  const diagnostics = compiler.compile(snapshot).diagnostics.filter(({ code }) => code !== 'ServiceNotFound')
  assert.deepEqual(
    diagnostics.map(({ code, severity, object }) => `${code} ${severity} ${object.kind}`),
    ['SecretUnread warning Ingress', 'SecretUnread warning Secret'],
  )
  assert.ok(diagnostics.every(({ message }) => message.includes('could not be read: it is late')))
})

test('a Secret that comes, changes, cannot be read or goes is noticed on hosts that nobody touched', async () => {
  const [one, other] = await Promise.all([made('late', ['a.foo.test']), made('late', ['a.foo.test', 'b.test'])])
  const web = ingress('web', { rules: ['a.foo.test / -> s'], tls: ['late:a.foo.test'] })
  const compiler = new Compiler({ ...compileOptions, selfMade: fallback })
  const found = [[], [one], [{ ...other, revision: '2' }], [], []].map((given, at) => {
    const unread = at === 3 ? new Map([['default/late', 'it is late']]) : undefined
    const compilation = compiler.compile({ ...snapshotOf([web, ...given]), ...(unread && { unread }) })
    const names = [...compilation.table.certificates.values()].map((each) => each.names.join(' '))
    return [shown(compilation, 'a.foo.test'), names.at(-1), codesOf(compilation)]
  })
  assert.deepEqual(found, [
    [self, 'default.test', 'SecretNotFound'],
    ['late', 'a.foo.test', ''],
    ['late', 'a.foo.test b.test', ''],
    [self, 'default.test', 'SecretUnread'],
    [self, 'default.test', 'SecretNotFound'],
  ])
})

suite('the default certificate', () => {
  const rows: readonly (readonly [name: string | undefined, shown: string, codes: string])[] = [
    [undefined, self, ''],
    ['foreign/foreign', 'foreign/foreign', ''],
    ['default/gone', self, 'SecretNotFound'],
    ['default/broken', self, 'SecretInvalid'],
  ]
  for (const [name, expected, codes] of rows)
    test(`is ${expected} where ${name} is configured`, () => {
      const broken = tlsSecret('broken', { chain: 'x', key: 'y' })
      const compiler = new Compiler({ ...compileOptions, defaultCertificate: name, selfMade: fallback })
      const compilation = compiler.compile(snapshotOf([...secrets, broken]))
      assert.deepEqual([shown(compilation, 'a.test'), codesOf(compilation)], [expected, codes])
    })
})

test('a broken Secret costs its own host alone', () => {
  const broken = tlsSecret('broken', { chain: 'x', key: 'y' })
  const compilation = compile(
    broken,
    ingress('a', { rules: ['c.test / -> s'], tls: ['broken:c.test', 'exact:a.foo.test'] }),
  )
  assert.deepEqual([shown(compilation, 'c.test'), shown(compilation, 'a.foo.test')], [self, 'exact'])
  assert.ok(compilation.table.hosts.has('c.test'))
  assert.equal(codesOf(compilation), 'SecretInvalid')
})

test('a Secret that is refused is there, and what names it is told why it cannot be used', () => {
  const metadata = { name: 'refused', namespace: 'default' }
  const data = { 'tls.crt': '-----BEGIN', 'tls.key': '' }
  const refused = sourceObject('Secret', { metadata, type: 'kubernetes.io/tls', data })
  const web = ingress('web', { rules: ['a.foo.test / -> s'], tls: ['refused:a.foo.test'] })
  const compiler = new Compiler({ ...compileOptions, defaultCertificate: 'default/refused' })
  const compilation = compiler.compile(snapshotOf([web, refused]))
  const said = compilation.diagnostics.filter(({ code }) => code !== 'ServiceNotFound')
  const problem = 'data.tls.crt: not base64'
  assert.deepEqual(
    said.map(({ code, object, message }) => `${code} ${object.kind}: ${message}`),
    [
      `InvalidObject Secret: ${problem}`,
      `SecretInvalid Ingress: Secret refused: ${problem}; the default certificate is shown`,
      `SecretInvalid Secret: the default certificate default/refused: ${problem}; a self-made one is shown`,
    ],
  )
  assert.deepEqual(compilation.refused, [refused.ref])
})
