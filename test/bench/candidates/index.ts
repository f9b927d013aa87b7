import { caddy } from './caddy.ts'
import type { Candidate } from './candidate.ts'
import { floor } from './floor.ts'
import { haproxy } from './haproxy.ts'
import { lintel } from './lintel.ts'
import { nginx, nginxTuned } from './nginx.ts'
import { nodeUndici } from './node-undici.ts'

export type { Candidate, Running } from './candidate.ts'

/** Everything that is measured; ratios are to the second. */
export const candidates: readonly Candidate[] = [lintel, nginx, nginxTuned, haproxy, caddy, nodeUndici, floor]
