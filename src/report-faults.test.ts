import assert from 'node:assert/strict'
import { test } from 'node:test'

import { KubeError } from './kube/index.ts'
import { reportFaults } from './report-faults.ts'

test('a refusal is said once for each thing that is asked, whatever else goes wrong meanwhile', () => {
  const said: string[] = []
  let ill = false
  const report = reportFaults(
    (message) => said.push(message),
    () => ill,
  )
  const refusal = new KubeError(403, 'Forbidden', 'may not')
  for (let minute = 0; minute < 3; minute++) {
    report('ingressclasses', refusal)
    report('services', refusal)
    report('services', new KubeError(0, 'Unreachable', `away ${minute}`))
    ill = !ill
  }
  assert.deepEqual(said, ['ingressclasses: may not', 'services: may not', 'away 0', 'away 1', 'away 2'])
})

test('an outage is said once however many meet it, and again when it comes again', () => {
  const said: string[] = []
  let ill = false
  const report = reportFaults(
    (message) => said.push(message),
    () => ill,
  )
  const outage = new KubeError(0, 'Unreachable', 'away')
  for (const what of ['services', 'ingresses']) {
    report(what, outage)
    ill = true
  }
  assert.deepEqual(said, ['away'])
  ill = false
  report('services', outage)
  assert.deepEqual(said, ['away', 'away'])
})
