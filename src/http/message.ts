/**
 * Heads as the data plane sees them: parsed strictly, reduced to what may go on, ready to be printed.
 * All text is latin1: one char is one octet.
 */

/** Body lengths at or above 0 are exact octets; these two are the other framings (RFC 9112 6.3). */
export const chunked = -1
export const untilClose = -2

/** The host of a request, parsed once by a strict grammar (RFC 3986 3.2.2, RFC 9110 7.2). */
export interface Authority {
  /** Lower case, without port and without one trailing dot; IPv6 in brackets; '' for an empty Host. */
  readonly name: string
  readonly port: number | undefined
  /** As the client wrote it, port included: what goes upstream as Host. */
  readonly text: string
}

/** Why a field does not go on. */
export const dropReasons = ['hop-by-hop', 'nominated', 'managed', 'alias', 'underscore', 'framing'] as const

export type DropReason = (typeof dropReasons)[number]

export interface DroppedField {
  readonly name: string
  readonly reason: DropReason
}

/** For whom a proxy in front says that it asks. */
export interface Forwarded {
  /** All values of X-Forwarded-For, joined by commas; '' if there is none. */
  readonly for: string
  /** X-Forwarded-Proto, if it is one word and means something. */
  readonly proto: 'http' | 'https' | undefined
}

/** A request head that passed every check. */
export interface RequestHead {
  readonly method: string
  /** The request target as received: what logs show. */
  readonly target: string
  /** The path of the target, raw; '/' where an absolute form has none; '*' for `OPTIONS *`. */
  readonly path: string
  /** '' or the query with its question mark, raw. */
  readonly query: string
  readonly minor: 0 | 1
  /** undefined: HTTP/1.0 without Host. */
  readonly authority: Authority | undefined
  /**
   * The fields that may go on, each as `Name: value\r\n`, the client's spelling and order. Without Host, framing,
   * hop-by-hop, nominated and managed fields.
   */
  readonly lines: string
  readonly dropped: readonly DroppedField[]
  /** Octets, or `chunked`; 0 if there is no body. */
  readonly bodyLength: number
  /** Whether the message said Content-Length: 0 or some length itself (so that it is said again upstream). */
  readonly lengthGiven: boolean
  /** The client lets the connection live after this exchange. */
  readonly persistent: boolean
  readonly expectContinue: boolean
  /** A real request to switch to WebSocket: GET, 1.1, no body, Connection: upgrade, Upgrade: websocket alone. */
  readonly websocket: boolean
  /** The client said `TE: trailers`. */
  readonly acceptsTrailers: boolean
  /** The client's X-Request-ID if it is 1 to 128 token characters. */
  readonly requestId: string | undefined
  /** What X-Forwarded-For and X-Forwarded-Proto say; undefined if neither was sent. Only a trusted peer is believed. */
  readonly forwarded: Forwarded | undefined
  /** The value of X-Lintel-Hops, 0 if absent or not a number. */
  readonly hops: number
  /** The client authenticates the connection to the upstream, which is then its own. */
  readonly bindsConnection: boolean
}

/** An upstream's answer head that passed every check. */
export interface ResponseHead {
  readonly status: number
  readonly minor: 0 | 1
  /** Reason phrase as received; may be empty. */
  readonly phrase: string
  /** The fields that may go on, as in RequestHead; Date stays, Server is taken out. */
  readonly lines: string
  readonly dropped: readonly DroppedField[]
  /** For the method that was asked: octets, `chunked` or `untilClose`; 0 for HEAD, 1xx, 204, 304. */
  readonly bodyLength: number
  /** Content-Length as the upstream gave it, also where no body follows (HEAD, 304); undefined if none. */
  readonly declaredLength: number | undefined
  /** The connection may be used again: it was not closed, and nobody was asked to authenticate it as a whole. */
  readonly persistent: boolean
  /** `Keep-Alive: timeout=N`, in seconds. */
  readonly keepAliveTimeout: number | undefined
  readonly server: string | undefined
  readonly hasDate: boolean
  /** A 101 that says Connection: upgrade and Upgrade: websocket. */
  readonly websocket: boolean
}

/** Limits of a head. Octets, and fields. */
export interface HeadLimits {
  readonly requestLine: number
  readonly head: number
  readonly fields: number
}

/** What is wrong with a message; the words are those of `AnswerReason`. */
export type RequestFault = 'BadRequest' | 'TargetTooLong' | 'HeadTooLarge' | 'MethodNotAllowed'
