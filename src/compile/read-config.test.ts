import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { printHsts } from './effects.ts'
import { noConfig, readConfig } from './read-config.ts'
import type { Config } from './read-config.ts'

const ref = { kind: 'ConfigMap', namespace: 'ingress-nginx', name: 'controller' }

function read(data: Readonly<Record<string, string>>, trusted: readonly string[] = []): Config {
  return readConfig({ ref, data: new Map(Object.entries(data)) }, trusted)
}

function said({ diagnostics }: Config): string[] {
  return diagnostics.map(({ code, field }) => `${code} ${field}`)
}

suite('readConfig() reads what is served', () => {
  const settings: readonly (readonly [Record<string, string>, object])[] = [
    [{}, {}],
    [{ 'keep-alive': '30' }, { keepAliveTimeout: 30_000 }],
    [{ 'client-header-timeout': '5' }, { clientHeadTimeout: 5_000 }],
    [{ 'client-body-timeout': '7' }, { clientBodyTimeout: 7_000 }],
    [{ 'proxy-real-ip-cidr': '10.0.0.0/8' }, {}],
    [
      { 'use-forwarded-headers': 'true', 'proxy-real-ip-cidr': '10.0.0.0/8, ::1' },
      { trustedProxies: ['10.0.0.0/8', '::1'] },
    ],
    [
      { 'proxy-real-ip-cidr': '10.0.0.0/8', 'use-proxy-protocol': 'true' },
      { introducers: ['10.0.0.0/8'], proxyProtocol: ['http', 'https'] },
    ],
  ]
  for (const [data, wanted] of settings)
    test(JSON.stringify(data), () => {
      const config = read(data)
      assert.deepEqual([config.settings, said(config)], [wanted, []])
    })

  test('times and limits of rules', () => {
    const { effects } = read({ 'proxy-connect-timeout': '3', 'proxy-read-timeout': '600', 'proxy-body-size': '0' })
    assert.deepEqual([effects.connectTimeout, effects.upstreamTimeout, effects.bodyLimit], [3_000, 600_000, undefined])
  })
  test('HSTS, in whatever order the keys come', () => {
    const { effects } = read({ 'hsts-preload': 'true', 'hsts-max-age': '60', 'hsts-include-subdomains': 'false' })
    assert.deepEqual([effects.hsts.on, printHsts(effects.hsts)], [true, 'max-age=60; preload'])
    assert.equal(read({ hsts: 'false', 'hsts-max-age': '60' }).effects.hsts.on, false)
    assert.equal(printHsts(noConfig.effects.hsts), 'max-age=31536000; includeSubDomains')
  })
})

suite('readConfig() believes nobody who was not named', () => {
  test('use-forwarded-headers alone', () => {
    const config = read({ 'use-forwarded-headers': 'true' })
    assert.deepEqual([config.settings, said(config)], [{}, ['ProxiesNotNamed data.use-forwarded-headers']])
  })
  test('use-proxy-protocol alone', () => {
    const config = read({ 'use-proxy-protocol': 'true' })
    assert.deepEqual([config.settings, said(config)], [{}, ['ProxyProtocolNotServed data.use-proxy-protocol']])
  })
  test('use-proxy-protocol believes no X-Forwarded-For', () => {
    const config = read({ 'use-proxy-protocol': 'true', 'proxy-real-ip-cidr': '0.0.0.0/0' })
    assert.deepEqual([config.settings.trustedProxies, config.settings.introducers], [undefined, ['0.0.0.0/0']])
  })
  test('everybody by name is done, and told', () => {
    const config = read({ 'use-forwarded-headers': 'true', 'proxy-real-ip-cidr': '0.0.0.0/0' })
    assert.deepEqual(config.settings.trustedProxies, ['0.0.0.0/0'])
    assert.deepEqual(said(config), ['ProxiesNotNamed data.proxy-real-ip-cidr'])
  })
  test('the ranges of the flag stand in the place of those that are missing', () => {
    const config = read({ 'use-proxy-protocol': 'true', 'use-forwarded-headers': 'true' }, ['10.0.0.0/8'])
    assert.deepEqual([config.settings.introducers, said(config)], [['10.0.0.0/8'], []])
  })
})

suite('readConfig() passes nothing over in silence', () => {
  const rows: readonly (readonly [key: string, text: string, code: string, hint: RegExp])[] = [
    ['worker-processes', '4', 'ConfigKeyNotServed', /as if it were not there/],
    ['proxy-body-sise', '8m', 'ConfigKeyNotServed', /Is proxy-body-size meant/],
    ['enable-real-ip', 'true', 'ConfigKeyNotServed', /use-forwarded-headers/],
    ['ssl-redirect', 'yes', 'ConfigValueInvalid', /ssl|HTTPS/],
    ['keep-alive', '0', 'ConfigValueInvalid', /seconds/],
    ['proxy-read-timeout', '60s', 'ConfigValueInvalid', /seconds/],
    ['proxy-real-ip-cidr', '10.0.0.0/33', 'ConfigValueInvalid', /10\.0\.0\.0\/8/],
    ['hsts-max-age', '-1', 'ConfigValueInvalid', /seconds/],
    ['global-auth-url', 'https://auth.test/', 'GuardNotServed', /./],
    ['whitelist-source-range', '10.0.0.0/8', 'GuardNotServed', /./],
    ['block-cidrs', '192.0.2.0/24', 'GuardNotServed', /./],
  ]
  for (const [key, text, code, hint] of rows)
    test(`${key}: ${text}`, () => {
      const config = read({ [key]: text })
      assert.deepEqual(said(config), [`${code} data.${key}`])
      assert.match(config.diagnostics[0]?.hint ?? '', hint)
      assert.deepEqual(config.guards, code === 'GuardNotServed' ? [key] : [])
      assert.deepEqual([config.effects, config.settings], [noConfig.effects, {}])
    })
  test('what Lintel does anyway, and guards that keep nobody out, are no news', () => {
    const data = {
      'use-gzip': 'false',
      'server-tokens': 'false',
      'whitelist-source-range': '0.0.0.0/0,::/0',
      'block-cidrs': '',
    }
    assert.deepEqual([said(read(data)), read(data).guards], [[], []])
  })
})
