import { waitForSlowClients } from '../../exhaustion/slow-clients.ts'
import type { Scenario } from '../scenario.ts'

export const slowClients: Scenario = {
  name: 'slow-clients',
  shows:
    '10,000 connections of each kind, which never spoke, stay silent after an answer or half way, are ended at their deadline',
  run: (course) => waitForSlowClients(course, { connections: 10_000, deadline: 30_000 }),
}
