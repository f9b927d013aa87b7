import type { Exchange } from '../../src/model/index.ts'

/** What the client of an exchange has seen of the answer. */
export interface SeenAnswer {
  readonly interims: readonly number[]
  /** 0 before the final head. */
  readonly status: number
  /** Lines of the final head, framing included. */
  readonly lines: string
  readonly body: string
  readonly trailers: string
  /** `cut`: ended so that nobody can take it for complete. */
  readonly state: 'open' | 'complete' | 'cut'
}

/** The client of one exchange. Text is latin1. */
export interface ExchangeClient {
  sendBody(text: string): void
  endBody(trailers?: string): void
  /** Sends what no body may hold. */
  breakBody(): void
  leave(): void
  /** Takes no more octets, and takes them again. */
  pause(): void
  resume(): void
  until(holds: (seen: SeenAnswer) => boolean): Promise<SeenAnswer>
}

export interface AskedRequest {
  readonly method?: string
  /** Of the body; -1 if it is not announced. */
  readonly length?: number
  readonly expectContinue?: boolean
  readonly acceptsTrailers?: boolean
  readonly requestId?: string
}

/** Something that carries exchanges: a protocol on a listener, or a fake of one. */
export interface ExchangeCarrier {
  ask(asked: AskedRequest): Promise<{ readonly exchange: Exchange; readonly client: ExchangeClient }>
  /** Lets all that was sent arrive. */
  settle(): Promise<void>
  /** Lets time pass. */
  pass(ms: number): Promise<void>
  close(): void
}
