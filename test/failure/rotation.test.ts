import { test } from 'node:test'

import { rotateCertificate } from './exercises/certificate-rotation.ts'
import { times } from './exercises/findings.ts'
import { holds } from './holds.ts'

test('a Secret that is replaced 40 times fails no handshake, and each new pair is shown', { timeout: 120_000 }, (t) =>
  holds(t, rotateCertificate, times(40)),
)
