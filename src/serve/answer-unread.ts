import type { RequestFault, RequestHead } from '../http/index.ts'
import { answerReasons } from '../model/index.ts'
import { AnswerWriter } from './answer-writer.ts'
import type { ConnectionContext } from './connection-context.ts'
import { ownBody, ownHead } from './own-answer.ts'
import type { Transport } from './transport.ts'

/** Answers and logs a request whose head could not be read, or did not come whole. */
export function answerUnread(
  transport: Transport,
  reason: RequestFault | 'ClientTimeout',
  { newRequestId, counts, log, httpDate }: ConnectionContext,
): void {
  const requestId = newRequestId()
  const body = ownBody({ reason }, requestId)
  const writer = new AnswerWriter(transport, unread)
  writer.writeHead(ownHead({ reason }, body.length, 'lintel'), true, httpDate())
  writer.writeBody(Buffer.from(body, 'latin1'), 0, body.length)
  writer.end('')
  counts.request(answerReasons[reason], reason)
  const { method, target: path } = unread
  log?.({ status: answerReasons[reason], reason, method, host: '', path, bytes: body.length, ms: 0, requestId })
}

/** Stands for the head. */
const unread: RequestHead = {
  method: '-',
  target: '-',
  path: '',
  query: '',
  minor: 1,
  authority: undefined,
  lines: '',
  dropped: [],
  bodyLength: 0,
  lengthGiven: false,
  persistent: false,
  expectContinue: false,
  websocket: false,
  acceptsTrailers: false,
  requestId: undefined,
  forwarded: undefined,
  hops: 0,
  bindsConnection: false,
}
