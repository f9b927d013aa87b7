/** What a hostile upstream does next: send these octets (one char an octet), or an act. */
export type Step = string | Act
/** `whole`: wait until the request has come whole. `deaf`: read nothing more. */
export type Act = { readonly act: 'fin' | 'reset' | 'whole' | 'deaf' }

export const fin: Act = { act: 'fin' }
export const reset: Act = { act: 'reset' }
export const whole: Act = { act: 'whole' }

/**
 * One thing that an upstream may do, and all that a client may see of it: `STATUS BODY` of a complete answer
 * (`STATUS REASON` where it has to be the proxy's own), or `aborted`: an answer that visibly has no end.
 */
export interface UpstreamShape {
  readonly id: string
  /** The section of the list of threats that it belongs to: framing, identity, upgrade, upstream side. */
  readonly class: 'A' | 'B' | 'C' | 'D'
  readonly reason: string
  readonly steps: readonly Step[]
  readonly expect: string | readonly string[]
  /** Played instead when the same request comes once more. */
  readonly again?: readonly Step[]
  /** From then on the connection speaks for this client: it carries no request of another one. */
  readonly bound?: true
  /** Played on the connection once the client has its answer. */
  readonly afterwards?: readonly Step[]
  /** Played as soon as a connection comes, before any request. */
  readonly eager?: true
  /** What is asked; `GET` if nothing is said. */
  readonly ask?: Ask
  /** How often the upstream may see the request; once if nothing is said. */
  readonly deliveries?: number
}

/** `upload`: a POST of which the client sends a part, and then waits for the answer. `NTLM`: a GET with such credentials. */
export type Ask = 'GET' | 'HEAD' | 'POST' | 'HTTP/1.0' | 'websocket' | 'upload' | 'NTLM'

/** Stands in all octets that no client may ever see. */
export const poison = 'POISON'
/** A whole answer that nobody asked for. */
export const stray: string = `HTTP/1.1 200 OK\r\nContent-Length: ${poison.length}\r\n\r\n${poison}`

export const ok = 'HTTP/1.1 200 OK\r\n'
export const counted = (length: number | string, body: string): string =>
  `${ok}Content-Length: ${length}\r\n\r\n${body}`
export const inChunks = (chunks: string): string => `${ok}Transfer-Encoding: chunked\r\n\r\n${chunks}`

export const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
export const switching = (...lines: string[]): string =>
  ['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n')
export const toWebSocket: string = switching('Connection: Upgrade', 'Upgrade: websocket')

/** Without the heads at its beginning that are no final answer. */
export function afterInterims(text: string): string {
  return text.replace(/^(?:HTTP\/1\.1 1(?!01)[^]*?\r\n\r\n)+/, '')
}

/** Answers that cannot be read in one way only. */
export const invalid = '502 UpstreamInvalid'
/** No answer came before the connection was gone. */
export const noHead = '502 UpstreamResetBeforeHead'
export const tooLate = '504 UpstreamTimeout'
export const aborted = 'aborted'
