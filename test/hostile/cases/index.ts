import type { HostileCase } from '../hostile-case.ts'
import { bodyLimits } from './body-limit.ts'
import { chunks } from './chunks.ts'
import { deadlines } from './deadlines.ts'
import { expect } from './expect.ts'
import { fields } from './fields.ts'
import { forwarding } from './forwarding.ts'
import { framing } from './framing.ts'
import { hopByHop } from './hop-by-hop.ts'
import { hosts } from './hosts.ts'
import { paths } from './paths.ts'
import { pipelining } from './pipelining.ts'
import { requestLine } from './request-line.ts'
import { upgrade } from './upgrade.ts'

/** Cases of one kind; their ids begin alike. */
export interface Family {
  readonly name: string
  readonly prefix: string
  readonly cases: readonly HostileCase[]
}

export const families: readonly Family[] = [
  { name: 'framing', prefix: 'fr', cases: framing },
  { name: 'chunked bodies and trailers', prefix: 'ck', cases: chunks },
  { name: 'request line', prefix: 'rl', cases: requestLine },
  { name: 'field lines', prefix: 'hs', cases: fields },
  { name: 'host', prefix: 'ho', cases: hosts },
  { name: 'path', prefix: 'pa', cases: paths },
  { name: 'hop by hop', prefix: 'hb', cases: hopByHop },
  { name: 'managed fields', prefix: 'fw', cases: forwarding },
  { name: 'Expect and early answers', prefix: 'ex', cases: expect },
  { name: 'limit of a body', prefix: 'bl', cases: bodyLimits },
  { name: 'upgrade', prefix: 'up', cases: upgrade },
  { name: 'pipelining', prefix: 'pi', cases: pipelining },
  { name: 'deadlines', prefix: 'dl', cases: deadlines },
]
