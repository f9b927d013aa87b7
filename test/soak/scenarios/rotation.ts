import { setTimeout as pause } from 'node:timers/promises'

import { rotateCertificate } from '../../failure/exercises/certificate-rotation.ts'
import type { Scenario } from '../scenario.ts'

const second = 1_000

export const rotation: Scenario = {
  name: 'rotation',
  shows: 'a certificate that is replaced every second fails no handshake, and is shown within a second',
  run: (course) => rotateCertificate(course, () => pause(second)),
}
