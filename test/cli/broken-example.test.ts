import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { runCli } from '../support/run-cli.ts'

const shop = join(import.meta.dirname, '../../examples/shop')

/** A mistake in the example: what is written instead of what, and what `check` then says first, place and all. */
interface Mistake {
  readonly name: string
  readonly file?: string
  readonly from: string
  readonly to: string
  readonly says: string
  readonly hint: string
  readonly code?: number
}

const mistakes: readonly Mistake[] = [
  {
    name: 'a misspelt Service',
    from: 'name: api-svc',
    to: 'name: api-scv',
    says: 'ServiceNotFound  there is no Service api-scv in namespace default: it answers 503',
    hint: 'Is api-svc meant?',
  },
  {
    name: 'a port that the Service does not have',
    from: 'number: 8080',
    to: 'number: 8081',
    says: 'ServicePortNotFound  Service default/api-svc has no TCP port 8081: it answers 503',
    hint: 'It has 8080. The port is that of the Service, not the targetPort.',
  },
  {
    name: 'a Secret that is not there',
    from: 'secretName: shop-tls',
    to: 'secretName: shop-tsl',
    says: 'SecretNotFound  there is no Secret shop-tsl in namespace default: the default certificate is shown',
    hint: 'Is shop-tls meant?',
  },
  {
    name: 'a host in upper case',
    from: '- host: shop.localhost',
    to: '- host: Shop.localhost',
    says: 'InvalidObject  spec.rules[0].host: "Shop.localhost" is not a DNS name',
    hint: 'Write it in lower case: shop.localhost.',
  },
  {
    name: 'a host with a port',
    from: '- host: shop.localhost',
    to: '- host: shop.localhost:8080',
    says: 'InvalidObject  spec.rules[0].host: "shop.localhost:8080" is not a DNS name',
    hint: 'Leave out the port: shop.localhost.',
  },
  {
    name: 'a URL for a host',
    from: '- host: shop.localhost',
    to: '- host: http://shop.localhost',
    says: 'InvalidObject  spec.rules[0].host: "http://shop.localhost" is not a DNS name',
    hint: 'Write the host alone, without scheme.',
  },
  {
    name: 'an address for a host',
    from: '- host: shop.localhost',
    to: '- host: 127.0.0.1',
    says: 'InvalidObject  spec.rules[0].host: "127.0.0.1" is an address, a DNS name wanted',
    hint: 'Leave host out to serve every host, addresses included; ports do not belong here.',
  },
  {
    name: 'a wildcard without quotes',
    from: '- host: shop.localhost',
    to: '- host: *.localhost',
    says: 'SyntaxError  unidentified alias ".localhost"',
    hint: 'A value that begins with "*" has to stand in quotes: "*.example.com".',
  },
  {
    name: 'a missing pathType',
    from: '        pathType: Prefix\n',
    to: '',
    says: 'InvalidObject  spec.rules[0].http.paths[0].pathType: required, but missing',
    hint: 'Write pathType: Prefix (or Exact, or ImplementationSpecific).',
  },
  {
    name: 'a misspelt pathType',
    from: 'pathType: Prefix',
    to: 'pathType: Prefx',
    says: 'InvalidObject  spec.rules[0].http.paths[0].pathType: "Prefx" found, one of Exact, Prefix, ImplementationSpecific wanted',
    hint: 'Use Exact, or Prefix, or ImplementationSpecific.',
  },
  {
    name: 'a path without a slash',
    from: 'path: /api',
    to: 'path: api',
    says: 'InvalidObject  spec.rules[0].http.paths[0].path: "api" is not absolute',
    hint: 'Write a path that begins with a slash: /api',
  },
  {
    name: 'a port in quotes',
    from: 'number: 8080',
    to: 'number: "8080"',
    says: 'InvalidObject  spec.rules[0].http.paths[0].backend.service.port.number: "8080" found, a whole number from 1 to 65535 wanted',
    hint: 'Write the number without quotes.',
  },
  {
    name: 'a tab',
    from: '        pathType: Prefix',
    to: '\t\tpathType: Prefix',
    says: 'SyntaxError  tab characters must not be used in indentation',
    hint: 'Indent with spaces: YAML allows no tabs there.',
  },
  {
    name: 'a key that stands twice',
    from: '        pathType: Prefix',
    to: '        path: /apis\n        pathType: Prefix',
    says: 'SyntaxError  duplicated mapping key',
    hint: 'Each key may stand once in a map; remove one of the two.',
  },
  {
    name: 'wrong indentation',
    from: '        pathType: Prefix',
    to: '       pathType: Prefix',
    says: 'SyntaxError  bad indentation of a sequence entry',
    hint: 'Lines that belong together begin in the same column.',
  },
  {
    name: 'a class that nobody serves',
    from: 'ingressClassName: lintel',
    to: 'ingressClassName: lintle',
    says: 'ClassNotServed  class "lintle" is not served here',
    hint: 'Is lintel meant?',
    code: 0,
  },
  {
    name: 'the class of somebody else',
    from: 'ingressClassName: lintel',
    to: 'ingressClassName: traefik',
    says: 'ClassNotServed  class "traefik" is not served here',
    hint: 'Use lintel or nginx, add an IngressClass object, or say --ingress-class.',
    code: 0,
  },
  {
    name: 'a misspelt field',
    from: '- host: shop.localhost',
    to: '- hosts: shop.localhost',
    says: 'FieldIgnored  spec.rules[0].hosts: there is no such field; it is passed over',
    hint: 'Is host meant?',
    code: 0,
  },
  {
    name: 'a misspelt kind',
    from: 'kind: Ingress',
    to: 'kind: Ingres',
    says: 'KindIgnored  objects of kind Ingres are passed over',
    hint: 'Is Ingress meant?',
    code: 0,
  },
  {
    name: 'a beta version',
    from: 'apiVersion: networking.k8s.io/v1',
    to: 'apiVersion: networking.k8s.io/v1beta1',
    says: 'InvalidObject  apiVersion: "networking.k8s.io/v1beta1" found, networking.k8s.io/v1 wanted',
    hint: 'The beta versions are gone since Kubernetes 1.22: write apiVersion: networking.k8s.io/v1, with pathType and backend.service.',
  },
  {
    name: 'a certificate that is none',
    file: 'secret.yaml',
    from: 'tls.crt: LS0t',
    to: 'tls.crt: AS0t',
    says: 'SecretInvalid  Secret shop-tls: tls.crt holds no PEM certificate; the default certificate is shown',
    hint: 'It begins with -----BEGIN CERTIFICATE-----.',
  },
]

describe('check, of an example with one mistake', { concurrency: 2 }, () => {
  for (const mistake of mistakes) test(mistake.name, () => tell(mistake))
})

async function tell({ file = 'ingress.yaml', from, to, says, hint, code = 1 }: Mistake): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-broken-'))
  try {
    cpSync(shop, folder, { recursive: true })
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    const at = text.indexOf(from)
    assert.ok(at > 0, `the example holds ${from}`)
    writeFileSync(path, text.slice(0, at) + to + text.slice(at + from.length))
    const told = await runCli(['check', folder])
    const [first = '', second] = told.output.split('\n')
    const place = new RegExp(String.raw`^${folder}/ingress\.yaml:(\d+):\d+ {2}(.*)$`).exec(first)
    assert.equal(place?.[2], says)
    assert.equal(second, `    ${hint}`)
    assert.equal(told.code, code)
    if (file === 'ingress.yaml') assert.ok(isNear(Number(place[1]), text.slice(0, at)), first)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A missing field is told of at its parent, some kinds of mistakes at their document. */
function isNear(line: number, before: string): boolean {
  const own = before.split('\n').length
  return line <= own + 1 && line >= own - 2
}
