import { METHODS } from 'node:http'

/** Something that we accept and `node:http` refuses, or that the two read in different ways. */
export interface Difference {
  readonly side: 'request' | 'answer'
  /** Method and target, or status and phrase, as we read them. */
  readonly start: string
  /** A message before it asked for another protocol, which it did not get. */
  readonly afterUpgrade: boolean
  /** It asked for another protocol itself. */
  readonly asksUpgrade: boolean
  /** There is a tab among the blanks after `chunked` in the Transfer-Encoding of the message itself. */
  readonly tabAfterCoding: boolean
  /** A message before it had `Connection` among its trailers. */
  readonly afterTrailer: boolean
  /** The message itself had framing among its trailers. */
  readonly framingInTrailer: boolean
  readonly what: 'refused' | 'start' | 'fields' | 'body' | 'incomplete'
  /** What `node:http` took for its body: nothing, all octets after the head as they came, or something else. */
  readonly theirBody: 'nothing' | 'all' | 'other'
  /** What `node:http` says about it. */
  readonly refusal: string | undefined
}

/** Something that we read otherwise than `node:http` does, and why that is right. */
export interface AcceptedDifference {
  readonly name: string
  readonly why: string
  readonly applies: (difference: Difference) => boolean
  /** An input that shows it. */
  readonly example: string
}

export const acceptedDifferences: readonly AcceptedDifference[] = [
  {
    name: 'method of an extension',
    why: 'A method is any token (RFC 9110 9.1); Node knows a list. Which methods an application serves is its own matter.',
    applies: ({ refusal, start }) =>
      refusal === 'HPE_INVALID_METHOD' && !METHODS.includes(start.slice(0, start.indexOf(' '))),
    example: 'BREW /pot HTTP/1.1\r\nHost: a.test\r\n\r\n',
  },
  {
    name: 'method PRI',
    why: 'It begins the preface of HTTP/2, and Node takes it for nothing else; with a path and HTTP/1.1 it is a request of a method that nobody has (RFC 9113 3.4).',
    applies: ({ what, start }) => what === 'refused' && start.startsWith('PRI '),
    example: 'PRI / HTTP/1.1\r\nHost: a.test\r\n\r\n',
  },
  {
    name: 'a tab after chunked',
    why: 'Blanks around a value are no part of it, and a tab is one (RFC 9110 5.5); Node takes chunked with a tab for another coding, so it refuses a request after its head, gives what follows one with Upgrade to another protocol, and reads an answer until the close. What leaves us is our own chunked, without one.',
    applies: ({ side, tabAfterCoding, asksUpgrade, what, refusal, theirBody }) => {
      if (!tabAfterCoding) return false
      if (side === 'answer') return what === 'body' && theirBody === 'all'
      if (asksUpgrade) return what === 'body' && theirBody === 'nothing' && refusal === undefined
      return what === 'incomplete' && theirBody === 'nothing' && refusal === 'HPE_INVALID_TRANSFER_ENCODING'
    },
    example: 'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n',
  },
  {
    name: 'framing in a trailer',
    why: 'A trailer cannot change where a body ends, which its chunks have said: Node refuses it, we leave it out (RFC 9110 6.5.1).',
    applies: ({ framingInTrailer, what }) => framingInTrailer && what === 'incomplete',
    example: 'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n',
  },
  {
    name: 'a request after an Upgrade that was not taken',
    why: 'A server that does not switch goes on with HTTP/1.1 (RFC 9110 7.8); Node gives up on the connection if what follows does not please it, without saying why.',
    applies: ({ refusal, what, afterUpgrade }) => afterUpgrade && what === 'refused' && refusal === undefined,
    example:
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\nBREW / HTTP/1.1\r\nHost: a.test\r\n\r\n',
  },
  {
    name: 'a request after Connection in a trailer',
    why: 'A trailer cannot say what becomes of the connection (RFC 9110 6.5.1), so it is left out, and the next request is read; Node hears close there.',
    applies: ({ afterTrailer, refusal, what }) =>
      afterTrailer && what === 'refused' && refusal === 'HPE_CLOSED_CONNECTION',
    example:
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n',
  },
  {
    name: 'a final answer after an interim one that says close',
    why: 'The option speaks of what follows the final answer (RFC 9112 9.6), so that is read, and the connection is not used again; Node reads nothing after the first close.',
    applies: ({ side, refusal, what }) =>
      side === 'answer' && what === 'refused' && refusal === 'HPE_CLOSED_CONNECTION',
    example: 'HTTP/1.1 103 A\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  },
]
