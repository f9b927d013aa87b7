import assert from 'node:assert/strict'
import { inspect } from 'node:util'

import { fieldsOf, RequestScanner, ResponseScanner } from '../../src/http/index.ts'
import type { DroppedField, RequestHead, ResponseHead } from '../../src/http/index.ts'
import { defaultSettings } from '../../src/model/index.ts'
import { acceptedDifferences } from './accepted-differences.ts'
import type { Difference } from './accepted-differences.ts'
import { answerCorpus, readAnswer } from './answers.ts'
import type { Campaign } from './campaign.ts'
import { answerPieces, requestPieces } from './dictionary.ts'
import { NodeServer, readAnswerWithNode } from './node-parser.ts'
import type { NodeReading } from './node-parser.ts'
import type { Message, Reading } from './read-messages.ts'
import { endOf, readRequests, requestCorpus } from './requests.ts'

interface AnyHead {
  readonly lines: string
  readonly dropped: readonly DroppedField[]
}

const { requestLimits, upstreamHead } = defaultSettings
const requestScanner = new RequestScanner(requestLimits)
const answerScanner = new ResponseScanner({ requestLine: upstreamHead, head: upstreamHead, fields: 256 })
const node = new NodeServer()

/** The first difference in the messages that we read, and in which of them. What we refuse, Node may accept. */
function compare<Head extends AnyHead>(
  { side, input }: { readonly side: Difference['side']; readonly input: string },
  ours: readonly Message<Head>[],
  theirs: NodeReading,
  startOf: (head: Head) => string,
): readonly [Difference, at: number] | undefined {
  for (const [at, message] of ours.entries()) {
    const start = startOf(message.head)
    const what = compareMessage(message, start, theirs, at)
    if (what === undefined) continue
    const before = ours.slice(0, at)
    const afterUpgrade = before.some(({ head }) => hasDropped(head.dropped, /^upgrade$/i))
    const afterTrailer = before.some(({ droppedTrailers }) => hasDropped(droppedTrailers, /^connection$/i))
    const framingInTrailer = hasDropped(message.droppedTrailers, /^(?:content-length|transfer-encoding)$/i)
    const head = headIn(input, message)
    const tabAfterCoding = /\r\ntransfer-encoding:[\t ]*chunked[\t ]*\t[\t ]*\r\n/i.test(head)
    const asksUpgrade = hasDropped(message.head.dropped, /^upgrade$/i)
    const theirBody = describeBody(theirs.messages[at]?.body ?? '', input.slice(message.start + head.length + 2))
    const seen = { afterUpgrade, asksUpgrade, tabAfterCoding, afterTrailer, framingInTrailer, theirBody }
    return [{ side, start, what, refusal: theirs.refusal, ...seen }, at]
  }
  return undefined
}

/** With its last line end. */
function headIn(input: string, { start }: Message<unknown>): string {
  return input.slice(start, input.indexOf('\r\n\r\n', start) + 2)
}

function describeBody(body: string, rest: string): Difference['theirBody'] {
  if (body === '') return 'nothing'
  return body === rest ? 'all' : 'other'
}

function hasDropped(dropped: readonly DroppedField[], wanted: RegExp): boolean {
  return dropped.some(({ name }) => wanted.test(name))
}

function compareMessage(
  ours: Message<AnyHead>,
  start: string,
  { messages }: NodeReading,
  at: number,
): Difference['what'] | undefined {
  const theirs = messages[at]
  if (theirs === undefined) return 'refused'
  if (theirs.start !== start) return 'start'
  if (!isWithin(fieldsOf(ours.head.lines), theirs.fields)) return 'fields'
  if (!ours.complete) return undefined
  if (!theirs.complete) return 'incomplete'
  return theirs.body === ours.body ? undefined : 'body'
}

/** Whether all that we let go on is, in the same order, among what Node read. */
function isWithin(ours: NodeReading['messages'][number]['fields'], theirs: typeof ours): boolean {
  let at = 0
  for (const [name, value] of theirs) if (ours[at]?.[0] === name && ours[at]?.[1] === value) at++
  return at === ours.length
}

/** Where one message ends, the octets are cut: Node drops what it has not handed on yet when what follows is malformed. */
function endsOf({ messages }: Reading<unknown>): number[] {
  return messages.map(({ end }) => end)
}

const methodAndTarget = ({ method, target }: RequestHead): string => `${method} ${target}`
const statusAndPhrase = ({ status, phrase }: ResponseHead): string => `${status} ${phrase}`

type Compared = readonly [differences: readonly Difference[], end: string]

/** Of all messages: where the two part, what is left of the octets is read anew by both. */
export async function requestDifferences(input: string): Promise<Compared> {
  const bytes = Buffer.from(input, 'latin1')
  const ours = readRequests(bytes, [], requestScanner, requestLimits)
  if (ours.messages.length === 0) return [[], ours.end]
  const theirs = await node.read(bytes, endsOf(ours))
  const found = compare({ side: 'request', input }, ours.messages, theirs, methodAndTarget)
  if (found === undefined) return [[], endOf(ours)]
  const [difference, at] = found
  const [others] = await requestDifferences(input.slice(goOnAt(ours, at)))
  return [[difference, ...others], endOf(ours)]
}

/** With the message itself, unless it is the first: on a connection of its own, what was before it counts no more. */
function goOnAt({ messages }: Reading<unknown>, at: number): number | undefined {
  const [first, second] = messages
  return at > 0 ? messages[at]?.start : second === undefined ? Infinity : first?.end
}

export async function answerDifferences(input: string): Promise<Compared> {
  const bytes = Buffer.from(input, 'latin1')
  const method = input.length % 5 === 0 ? 'HEAD' : 'GET'
  const ours = readAnswer(bytes, [], method, answerScanner)
  const final = ours.messages.filter(({ head }) => head.status >= 200)
  if (final.length === 0) return [[], ours.end]
  const theirs = await readAnswerWithNode(bytes, endsOf(ours), method)
  const found = compare({ side: 'answer', input }, final, theirs, statusAndPhrase)
  return [found === undefined ? [] : [found[0]], endOf(ours)]
}

/** Every difference has its reason. */
function judge([differences, end]: Compared): string {
  return differences.length === 0 ? end : [...new Set(differences.map(reasonOf))].join(' + ')
}

function reasonOf(difference: Difference): string {
  const reason = acceptedDifferences.find(({ applies }) => applies(difference))
  assert.ok(reason, `node:http reads it otherwise, and no reason is on file: ${inspect(difference)}`)
  return reason.name
}

/** What we accept, `node:http` accepts and reads in the same way, or there is a reason on file. */
export const requestsLikeNode: Campaign = {
  name: 'requests-like-node',
  corpus: requestCorpus,
  dictionary: requestPieces,
  check: async (input) => judge(await requestDifferences(input)),
}

export const answersLikeNode: Campaign = {
  name: 'answers-like-node',
  corpus: answerCorpus,
  dictionary: answerPieces,
  check: async (input) => judge(await answerDifferences(input)),
}
