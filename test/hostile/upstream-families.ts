import type { UpstreamShape } from './upstream-shape.ts'
import { chunkShapes } from './upstreams-chunks.ts'
import { headShapes } from './upstreams-heads.ts'
import { identityShapes } from './upstreams-identity.ts'
import { interimShapes } from './upstreams-interim.ts'
import { lengthShapes } from './upstreams-lengths.ts'
import { silentShapes } from './upstreams-silence.ts'

/** Shapes of one kind. */
export interface UpstreamFamily {
  readonly name: string
  readonly shapes: readonly UpstreamShape[]
  /** Each costs a whole deadline, so that it is played in one way alone. */
  readonly slow?: true
}

export const upstreamFamilies: readonly UpstreamFamily[] = [
  { name: 'lengths and ends of answers', shapes: lengthShapes },
  { name: 'chunked answers', shapes: chunkShapes },
  { name: 'answer heads', shapes: headShapes },
  { name: 'interim answers and upgrade', shapes: interimShapes },
  { name: 'connections that are authenticated', shapes: identityShapes },
  { name: 'silence', shapes: silentShapes, slow: true },
]
