import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { adminToAsk } from './ask-admin.ts'
import { explainFlags } from './flag-table.ts'
import { readFlags } from './flags.ts'

const url = 'http://shop.example/api'
const pod = { KUBERNETES_SERVICE_HOST: '10.96.0.1' }

function asked(args: readonly string[], environment: NodeJS.ProcessEnv = {}): string | undefined {
  return adminToAsk(readFlags([url, ...args], explainFlags), environment)
}

suite('adminToAsk()', () => {
  test('in a pod the serve of the pod is asked, whatever the question is', () => {
    assert.equal(asked([], pod), '127.0.0.1:10254')
    const question = [
      '--method',
      'POST',
      '--header',
      'A: b',
      '--client-ip',
      '192.0.2.1',
      '--sni',
      'a.test',
      '-o',
      'json',
    ]
    assert.equal(asked(question, pod), '127.0.0.1:10254')
  })

  test('elsewhere nobody is, unless named', () => {
    assert.equal(asked([]), undefined)
    for (const admin of ['127.0.0.1:80', '[::1]:10254', 'lintel.test:1']) assert.equal(asked(['--admin', admin]), admin)
  })

  test('who names other objects in a pod asks about those', () => {
    for (const args of [['manifests'], ['--kubernetes'], ['--kubeconfig', 'file'], ['--context', 'staging']])
      assert.equal(asked(args, pod), undefined, args.join(' '))
  })

  test('what the serve that is asked goes by itself is refused', () => {
    assert.throws(
      () => asked(['--only-class', 'nginx'], pod),
      /--only-class: the serve at 127\.0\.0\.1:10254 goes by its/,
    )
    assert.throws(() => asked(['--admin', '127.0.0.1:1', 'manifests']), /manifests: either paths or --admin, not both/)
    assert.throws(() => asked(['--admin', 'http://lintel']), /HOST:PORT wanted/)
  })
})
