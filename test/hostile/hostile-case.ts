/** A section of the threats: A framing and syntax, B which request it is, C upgrade and tunnels, D upstream side. */
export type ThreatClass = 'A' | 'B' | 'C' | 'D'

export type Service = 'open' | 'api' | 'other'

/** A request that the client means, as the upstream has to see it. */
export interface Seen {
  /** Method and target. */
  readonly line: string
  readonly service?: Service
  readonly host?: string
  readonly body?: string
  /** Field lines that stand in its head. */
  readonly has?: readonly string[]
  readonly trailers?: readonly string[]
}

/** Raw octets, and what has to become of them. */
export interface HostileCase {
  readonly id: string
  readonly class: ThreatClass
  readonly why: string
  /** Octets as latin1 text. */
  readonly send: string
  /** What is sent once the first answer, interim or final, has come. */
  readonly later?: string
  /** Statuses of the final answers. */
  readonly answers: readonly number[]
  readonly interim?: readonly number[]
  /** Whether the connection ends then; if not, it has to carry one more request. */
  readonly closes: boolean
  /** It may end after the first answer already, if the body that nobody wanted was not there yet. */
  readonly mayEnd?: true
  /** The client ends its side when it has sent all. */
  readonly fin?: true
  readonly sees: readonly Seen[]
  /** Texts that must not come to an upstream in any head or trailer, whoever the proxy is. */
  readonly never?: readonly string[]
  /** Texts that an upstream of ours does not see; that of another may, for no harm comes of it. */
  readonly lacks?: readonly string[]
  /** It waits until the proxy has had enough: played against one with short deadlines. */
  readonly impatient?: true
}

export type More = Partial<
  Pick<HostileCase, 'later' | 'interim' | 'closes' | 'mayEnd' | 'fin' | 'never' | 'lacks' | 'impatient' | 'answers'>
>

/** A request that the client never sent: it stands in the body of another. Whoever takes it for one has lost the framing. */
export const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n'
/** The target of a request that the client did send, after one that has to end the connection. */
export const afterPath = '/after'
const after = `GET ${afterPath} HTTP/1.1\r\nHost: a.test\r\n\r\n`

/** A head with its blank line; Host is that of the open service unless a line says something else. */
export function head(line: string, ...fields: readonly string[]): string {
  const host = fields.some((field) => /^host\s*:/i.test(field)) ? [] : ['Host: a.test']
  return `${[line, ...host, ...fields].join('\r\n')}\r\n\r\n`
}

export function get(target: string, ...fields: readonly string[]): string {
  return head(`GET ${target} HTTP/1.1`, ...fields)
}

export function post(fields: readonly string[], body: string, target = '/'): string {
  return head(`POST ${target} HTTP/1.1`, ...fields) + body
}

export function chunkedPost(body: string, ...fields: readonly string[]): string {
  return post(['Transfer-Encoding: chunked', ...fields], body)
}

export function chunk(data: string, extension = ''): string {
  return `${data.length.toString(16)}${extension}\r\n${data}\r\n`
}

interface CaseMaker {
  /** Refused with this status; nothing reaches an upstream, and the connection ends whatever follows. */
  readonly refused: (id: string, why: string, send: string, status?: number) => HostileCase
  /** Answered by the proxy itself; the connection may go on. */
  readonly answered: (
    id: string,
    why: string,
    send: string,
    ...so: readonly [status: number, more?: More]
  ) => HostileCase
  /** Cut: no upstream gets a whole request. */
  readonly cut: (id: string, why: string, send: string, more?: More) => HostileCase
  /** Exactly these requests reach their upstreams. */
  readonly passed: (
    id: string,
    why: string,
    send: string,
    ...so: readonly [sees: Seen | readonly Seen[], more?: More]
  ) => HostileCase
}

/** Makers of the cases of one class. */
export function casesOf(threat: ThreatClass): CaseMaker {
  return {
    refused: (id, why, send, status = 400) => ({
      id,
      class: threat,
      why,
      send: send + after,
      answers: [status],
      closes: true,
      sees: [],
    }),
    answered: (id, why, send, ...[status, more]) => ({
      id,
      class: threat,
      why,
      send,
      answers: [status],
      closes: false,
      sees: [],
      ...more,
    }),
    cut: (id, why, send, more) => ({
      id,
      class: threat,
      why,
      send,
      answers: [],
      closes: true,
      fin: true,
      sees: [],
      ...more,
    }),
    passed: (id, why, send, ...[sees, more]) => {
      const list = 'line' in sees ? [sees] : sees
      return { id, class: threat, why, send, answers: list.map(() => 200), closes: false, sees: list, ...more }
    },
  }
}
