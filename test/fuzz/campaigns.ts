import { answers } from './answers.ts'
import type { Campaign } from './campaign.ts'
import { chunkedBodies } from './chunked.ts'
import { connections } from './connections.ts'
import { answersLikeNode, requestsLikeNode } from './differential.ts'
import { logLines } from './log-lines.ts'
import { paths } from './paths.ts'
import { requests } from './requests.ts'

/** Each with the number of inputs that `npm test` makes. */
export const campaigns: readonly (readonly [campaign: Campaign, runs: number])[] = [
  [requests, 8_000],
  [connections, 2_000],
  [answers, 10_000],
  [chunkedBodies, 10_000],
  [paths, 8_000],
  [logLines, 4_000],
  [requestsLikeNode, 6_000],
  [answersLikeNode, 6_000],
]
