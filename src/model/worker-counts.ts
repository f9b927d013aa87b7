import { dropReasons } from '../http/index.ts'
import type { DropReason } from '../http/index.ts'
import { answerReasons } from './answer.ts'
import type { AnswerReason } from './answer.ts'

/**
 * What workers count has a slot each in an array of numbers: only slots and numbers travel, since both ends are this very
 * program. Which slots there are does not depend on what clients send.
 */
export type CountSlot =
  /** `reason` is '' where the answer is the upstream's. */
  | { readonly of: 'requests'; readonly class: string; readonly reason: AnswerReason | '' }
  | { readonly of: 'droppedFields'; readonly from: FieldSender; readonly reason: DropReason }
  | { readonly of: 'connections'; readonly scheme: 'http' | 'https' }
  | { readonly of: 'droppedLines' }

export type FieldSender = 'client' | 'upstream'

/** By the first digit of the status; `none`: the client got no head. */
const statusClasses = ['none', '1xx', '2xx', '3xx', '4xx', '5xx'] as const

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these are its keys
const reasons: readonly (AnswerReason | '')[] = ['', ...(Object.keys(answerReasons) as AnswerReason[])]

const requests = reasons.flatMap((reason) =>
  statusClasses.map((each): CountSlot => ({ of: 'requests', class: each, reason })),
)

function fieldsFrom(from: FieldSender): CountSlot[] {
  return dropReasons.map((reason) => ({ of: 'droppedFields', from, reason }))
}

export const countSlots: readonly CountSlot[] = [
  ...requests,
  ...fieldsFrom('client'),
  ...fieldsFrom('upstream'),
  { of: 'connections', scheme: 'http' },
  { of: 'connections', scheme: 'https' },
  { of: 'droppedLines' },
]

const firstOfReason = numbered(reasons, 0, statusClasses.length)
const highestClass = statusClasses.length - 1

/** A status beyond 599 counts as 5xx. */
export function requestSlot(status: number, reason: AnswerReason | undefined): number {
  const first = reason === undefined ? 0 : firstOfReason[reason]
  return first + Math.min(highestClass, Math.trunc(status / 100))
}

const firstFields = {
  client: numbered(dropReasons, requests.length, 1),
  upstream: numbered(dropReasons, requests.length + dropReasons.length, 1),
}

export function droppedFieldSlot(from: FieldSender, reason: DropReason): number {
  return firstFields[from][reason]
}

const afterFields = requests.length + 2 * dropReasons.length
export const connectionSlots: { readonly http: number; readonly https: number } = {
  http: afterFields,
  https: afterFields + 1,
}
export const droppedLinesSlot: number = afterFields + 2

function numbered<K extends string>(keys: readonly K[], first: number, step: number): Readonly<Record<K, number>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every key is there
  return Object.fromEntries(keys.map((key, at) => [key, first + at * step])) as Record<K, number>
}

/** Connections that a worker has now. */
export interface OpenConnections {
  readonly http: number
  readonly https: number
}

/** What control knows of the worker with a number, over all processes that have had it. */
export interface WorkerFacts {
  readonly id: number
  /** Whether it is there and has a table. */
  readonly serving: boolean
  readonly restarts: number
  readonly open: OpenConnections
  /** By slot. */
  readonly totals: Readonly<Float64Array>
}
