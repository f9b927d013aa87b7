import { createHash } from 'node:crypto'

import type { ObjectName } from '../kube/index.ts'

/** The API server takes no longer one. */
const longest = 128
const digestLength = 32

/** The name under which an installation writes: its replicas share it as they share the Lease, and no other installation has it. */
export function fieldManagerOf({ namespace, name }: ObjectName): string {
  const full = `${namespace}/${name}`
  if (full.length <= longest) return full
  const digest = createHash('sha256').update(full).digest('hex').slice(0, digestLength)
  return `${full.slice(0, longest - digestLength)}${digest}`
}
