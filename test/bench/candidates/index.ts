import type { Candidate } from './candidate.ts'
import { lintel } from './lintel.ts'
import { nginx, nginxTuned } from './nginx.ts'

export type { Candidate, Running } from './candidate.ts'

export const candidates: readonly Candidate[] = [lintel, nginx, nginxTuned]
