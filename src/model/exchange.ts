import type { RequestHead, ResponseHead } from '../http/index.ts'

/** Who asks, over which connection. */
export interface Client {
  /** Canonical address text; IPv4 on a `::` listener is written as IPv4. */
  readonly address: string
  readonly scheme: 'http' | 'https'
  /** Lower-case server name of the handshake; undefined without TLS or without SNI. */
  readonly sni: string | undefined
  /** The TLS policy that the handshake was made under; undefined without TLS. */
  readonly policy: string | undefined
}

/**
 * Octets are borrowed for the length of a call. Where they come with a lender, whoever writes from them may keep them
 * as they are until it calls what `lend` answers.
 */
export interface Lender {
  lend(): () => void
}

/** Hears a body as it arrives. */
export interface BodySink {
  /** Answers false if no more should come until `resumeBody` of the giver is called. */
  data(bytes: Buffer, start: number, end: number, lender?: Lender): boolean
  /** The body is complete. `trailers` are lines as in `RequestHead.lines`, filtered; '' if none. */
  end(trailers: string): void
}

/** What one exchange does to whoever carries it out. At most one of `cancelled` comes, and nothing after it. */
export interface ExchangeHandler {
  /** The answer can take bytes again after `writeBody` said false. */
  drained(): void
  /**
   * The client has gone, or broke the rules of the body: `ClientGone`, `BadRequest`, `ClientTimeout`. The latter two can
   * still be answered in this very call, if no head was written before.
   */
  cancelled(fault: 'ClientGone' | 'BadRequest' | 'ClientTimeout'): void
}

/**
 * One request and its answer, free of any protocol version: HTTP/1.1 implements it on a connection, HTTP/2 will on a
 * stream, tests do in memory. The contract is in `test/contracts/exchange.ts`.
 */
export interface Exchange {
  readonly client: Client
  readonly request: RequestHead
  readonly requestId: string
  /** Monotonic milliseconds at which the head was complete. */
  readonly started: number
  /** Octets of answer body handed to the client so far. */
  readonly bytesSent: number
  /** Called once, before anything else. */
  attach(handler: ExchangeHandler): void
  /** Starts the body; sends `100 Continue` first if the client waits for it. Nothing flows before this call. */
  readBody(sink: BodySink): void
  resumeBody(): void
  /** An interim answer (1xx but 101). Ignored towards HTTP/1.0. */
  writeInterim(head: ResponseHead): void
  /** The final head. `bodyLength` of the head frames what follows. */
  writeHead(head: ResponseHead): void
  /** Answers false if the client does not take more for now; the bytes are taken in any case. */
  writeBody(bytes: Buffer, start: number, end: number, lender?: Lender): boolean
  /** What was written so far leaves now: until then it may wait for more. */
  flush(): void
  /** Ends the answer as announced; what was written leaves. `trailers` are sent if the framing and the client allow. */
  endBody(trailers: string): void
  /** Cuts the answer so that the client cannot take it for a complete one. */
  abort(): void
  /** Switches to a tunnel after a 101 head; undefined where the protocol cannot. */
  readonly tunnel: (() => TunnelSide) | undefined
}

/** One end of a tunnel: bytes both ways, with back-pressure and half-close. */
export interface TunnelSide {
  open(events: {
    data(bytes: Buffer, start: number, end: number): boolean
    end(): void
    close(): void
    drained(): void
  }): void
  /** Answers false if the peer does not take more for now; the bytes are taken in any case. */
  write(bytes: Buffer, start: number, end: number): boolean
  resume(): void
  /** Half-close. */
  end(): void
  destroy(): void
}
