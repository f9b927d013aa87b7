import { aborted, counted, fin, hints, inChunks, noHead, ok, toWebSocket } from './upstream-shape.ts'
import type { Act, Ask, UpstreamShape } from './upstream-shape.ts'

/** An answer that may end, by a FIN or a reset, at any of its octets. */
export interface CutAnswer {
  readonly name: string
  readonly ask: Ask
  readonly answer: string
  /** What a client may see if so many octets came before the end. */
  readonly expectAt: (cut: number, end: Act) => UpstreamShape['expect']
}

interface Framed {
  readonly ask?: Ask
  readonly head: string
  readonly body?: string
  /** What a client sees of all of it. */
  readonly whole: string
  /** What it sees of a part of the head. */
  readonly part?: string
}

/** One that says itself where it ends. */
function framed(name: string, { ask = 'POST', head, body = '', whole, part = noHead }: Framed): CutAnswer {
  const answer = head + body
  const inBody = (cut: number): string => (cut < answer.length ? aborted : whole)
  return { name, ask, answer, expectAt: (cut) => (cut < head.length ? part : inBody(cut)) }
}

/** One of which all goes on that follows the head. */
function endless(
  name: string,
  ask: Ask,
  [head, rest]: readonly [string, string],
  expect: (part: string, end: Act) => UpstreamShape['expect'],
): CutAnswer {
  const expectAt: CutAnswer['expectAt'] = (cut, end) =>
    cut < head.length ? noHead : expect(rest.slice(0, cut - head.length), end)
  return { name, ask, answer: head + rest, expectAt }
}

export const cutAnswers: readonly CutAnswer[] = [
  framed('counted', { head: counted(3, ''), body: 'abc', whole: '200 abc' }),
  framed('chunked', { head: inChunks(''), body: '3;x\r\nabc\r\n0\r\nA: b\r\n\r\n', whole: '200 abc' }),
  framed('after an interim one', { head: `${hints}${counted(3, '')}`, body: 'abc', whole: '200 abc' }),
  framed('to HEAD', { ask: 'HEAD', head: counted(3, ''), whole: '200 ', part: '502 ' }),
  framed('204', { head: 'HTTP/1.1 204 No Content\r\nA: b\r\n\r\n', whole: '204 ' }),
  endless('until the close', 'POST', [`${ok}A: b\r\n\r\n`, 'abc'], (part, end) =>
    end === fin ? `200 ${part}` : aborted,
  ),
  // A WebSocket says itself when it is over, so either end of a tunnel may be passed on as the other.
  endless('101', 'websocket', [toWebSocket, 'hello'], (part, end) =>
    end === fin
      ? `101 ${part}`
      : [aborted, ...Array.from({ length: part.length + 1 }, (_, at) => `101 ${part.slice(0, at)}`)],
  ),
]
