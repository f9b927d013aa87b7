import { caddy } from './caddy.ts'
import { haproxy } from './haproxy.ts'
import { lintel } from './lintel.ts'
import { nginx } from './nginx.ts'
import type { Target } from './target.ts'

export const targets: readonly Target[] = [lintel, nginx, haproxy, caddy]
