import type { ResponseHead } from '../http/index.ts'
import { answerReasons } from '../model/index.ts'
import type { Answer, Exchange } from '../model/index.ts'

const phrases: Readonly<Record<number, string>> = {
  308: 'Permanent Redirect',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  508: 'Loop Detected',
}

/** The body of every answer of our own. */
export function ownBody(answer: Answer, requestId: string): string {
  return `${answerReasons[answer.reason]} ${answer.reason} ${requestId}\n`
}

/** The head of an answer of our own with a body of that length. */
export function ownHead(answer: Answer, length: number, server: string | undefined): ResponseHead {
  const status = answerReasons[answer.reason]
  const further = (answer.fields ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return {
    status,
    minor: 1,
    phrase: phrases[status] ?? '',
    lines: `Content-Type: text/plain\r\n${further}`,
    dropped: [],
    bodyLength: length,
    declaredLength: length,
    persistent: true,
    keepAliveTimeout: undefined,
    server,
    hasDate: false,
    websocket: false,
  }
}

/** Answers an exchange ourselves, head and body. `change` is what the route's middleware does to the head. */
export function answerExchange(
  exchange: Exchange,
  answer: Answer,
  server: string | undefined,
  change: (head: ResponseHead) => ResponseHead = (head) => head,
): void {
  const body = Buffer.from(ownBody(answer, exchange.requestId), 'latin1')
  const head = change(ownHead(answer, body.length, server))
  const bodiless = exchange.request.method === 'HEAD'
  exchange.writeHead(bodiless ? { ...head, bodyLength: 0 } : head)
  if (!bodiless) exchange.writeBody(body, 0, body.length)
  exchange.endBody('')
}
