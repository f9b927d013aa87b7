import type { Exchange } from '../../src/model/index.ts'
import { ReadBuffers } from '../../src/serve/index.ts'
import type { AskedRequest, ExchangeCarrier, ExchangeClient, SeenAnswer } from '../contracts/exchange-carrier.ts'
import { startClientSide } from './client-side.ts'
import type { RawClient } from './raw-client.ts'
import { roundTrip } from './raw-client.ts'

/** Exchanges on HTTP/1.1, a connection of their own each. */
export async function startHttp1Carrier(publicApi = false): Promise<ExchangeCarrier> {
  const waiting: ((exchange: Exchange) => void)[] = []
  const side = await startClientSide((exchange) => waiting.shift()?.(exchange), {
    readBuffers: new ReadBuffers(!publicApi),
  })
  const ask: ExchangeCarrier['ask'] = async (asked) => {
    const client = await side.connect()
    const came = new Promise<Exchange>((resolve) => waiting.push(resolve))
    client.send(printHead(asked))
    return { exchange: await came, client: clientOf(client, asked) }
  }
  const pass = async (ms: number): Promise<void> => {
    await roundTrip()
    side.clock.advance(ms)
    await roundTrip()
  }
  return { ask, settle: roundTrip, pass, close: () => side.close() }
}

function printHead({ method = 'GET', length, expectContinue, acceptsTrailers, requestId }: AskedRequest): string {
  const fields = [
    'Host: a.test',
    ...(length === undefined ? [] : [length < 0 ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`]),
    ...(expectContinue === true ? ['Expect: 100-continue'] : []),
    ...(acceptsTrailers === true ? ['TE: trailers', 'Connection: TE'] : []),
    ...(requestId === undefined ? [] : [`X-Request-ID: ${requestId}`]),
  ]
  return `${method} /contract HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`
}

function clientOf(client: RawClient, { method, length }: AskedRequest): ExchangeClient {
  const isChunked = length !== undefined && length < 0
  const see = (): SeenAnswer => {
    const seen = readAnswer(client.received, method === 'HEAD')
    return seen.state === 'open' && client.ending !== undefined ? { ...seen, state: 'cut' } : seen
  }
  return {
    sendBody: (text) => client.send(isChunked ? `${text.length.toString(16)}\r\n${text}\r\n` : text),
    endBody: (trailers = '') => isChunked && client.send(`0\r\n${trailers}\r\n`),
    breakBody: () => client.send('no size\r\n'),
    leave: () => client.socket.resetAndDestroy(),
    pause: () => client.socket.pause(),
    resume: () => client.socket.resume(),
    until: async (holds) => {
      await client.until(() => holds(see()))
      return see()
    },
  }
}

/** Reads an answer plainly: what is tested here is not how it is written, which other tests hold to the octet. */
function readAnswer(text: string, bodiless: boolean): SeenAnswer {
  const interims: number[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return { interims, status: 0, lines: '', body: '', trailers: '', state: 'open' }
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1])
    const lines = rest.slice(rest.indexOf('\r\n') + 2, end + 2)
    rest = rest.slice(end + 4)
    if (status >= 200) return { interims, status, lines, ...readBody(rest, lines, bodiless || isBodiless(status)) }
    interims.push(status)
  }
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}

function readBody(text: string, lines: string, bodiless: boolean): Pick<SeenAnswer, 'body' | 'trailers' | 'state'> {
  if (bodiless) return { body: text, trailers: '', state: 'complete' }
  if (/^Transfer-Encoding: chunked\r$/m.test(lines)) return readChunks(text)
  const length = Number(/^Content-Length: (\d+)\r$/m.exec(lines)?.[1])
  return { body: text, trailers: '', state: text.length === length ? 'complete' : 'open' }
}

function readChunks(text: string): Pick<SeenAnswer, 'body' | 'trailers' | 'state'> {
  let body = ''
  for (let at = 0; ;) {
    const line = text.indexOf('\r\n', at)
    const size = line < 0 ? Number.NaN : Number.parseInt(text.slice(at, line), 16)
    if (Number.isNaN(size)) return { body, trailers: '', state: 'open' }
    if (size === 0) return readTrailers(body, text.slice(line + 2))
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
  }
}

function readTrailers(body: string, text: string): Pick<SeenAnswer, 'body' | 'trailers' | 'state'> {
  if (!text.endsWith('\r\n')) return { body, trailers: '', state: 'open' }
  return { body, trailers: text.slice(0, -2), state: 'complete' }
}
