import { createHash } from 'node:crypto'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { SecureContextOptions, TLSSocket } from 'node:tls'

import type { Candidate, Running } from './candidates/index.ts'
import type { Site } from './site.ts'
import { tlsCipher, tlsGroup } from './tls-settings.ts'

/** What a client says of itself; it has to arrive. */
const ownFields = { 'user-agent': 'parity/1', accept: 'text/plain', cookie: 'a=b; c=d' }

/** The fields that every candidate adds to what goes upstream. */
const forwardedFields = [
  'x-request-id',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
]

/** Of an answer: what says which octets follow. `Date`, `Server` and the like may differ. */
const answerFields = ['content-type', 'content-length', 'transfer-encoding', 'content-encoding']

/** Something that was seen, by what it is about. */
export type Facts = ReadonlyMap<string, string>

interface Ask {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly path: string
  readonly upload?: Buffer
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly protocol: string
}

const largest = 1_048_576
const sizes = [1_024, 65_536, largest]
/** For more hosts, nginx serves plain HTTP alone. */
const mostTlsHosts = 100

/** What two saw differently, of all that both were asked. */
export function differences(reference: Facts, other: Facts): string[] {
  return [...other]
    .filter(([about, fact]) => reference.has(about) && reference.get(about) !== fact)
    .map(([about, fact]) => `${about}: ${fact}, not ${reference.get(about)}`)
}

/**
 * The job as a candidate does it: status, body and framing of answers, what arrives at the back end and over which
 * connection, keep-alive, and of TLS the version, the cipher, the group and the certificate's curve.
 */
export async function observeJob(
  { lacks, isRelay = false }: Pick<Candidate, 'lacks' | 'isRelay'>,
  running: Running,
  site: Site,
): Promise<Facts> {
  const facts = new Map<string, string>()
  for (const scheme of ['http', 'https'] as const) {
    if (scheme === 'https' && (lacks.includes('tls') || site.hosts.length > mostTlsHosts)) continue
    await observeAnswers(running, { scheme, host: site.hosts[0] ?? '' }, facts)
    if (!isRelay) await observeUpstream(running, { scheme, host: site.hosts[0] ?? '' }, facts)
  }
  return facts
}

type Target = Pick<Ask, 'scheme' | 'host'>

async function observeAnswers(running: Running, target: Target, facts: Map<string, string>): Promise<void> {
  const asked: Omit<Ask, keyof Target>[] = [
    ...sizes.map((size) => ({ path: `/${size}/check` })),
    { path: '/16/upload', upload: Buffer.alloc(largest, 'u') },
  ]
  for (const one of asked) {
    const { status, headers, body, protocol } = await ask(running, { ...target, ...one })
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
    const kept = headers.connection?.toLowerCase() === 'close' ? 'closed' : 'kept'
    const fields = answerFields.map((name) => `${name}=${String(headers[name] ?? 'missing')}`).join(' ')
    facts.set(`${target.scheme} ${one.path}`, `${status} ${body.length} ${hash} ${kept} ${protocol} ${fields}`)
  }
}

/** The names and the values that must be the same for all; a request id and a port are only looked at. */
async function observeUpstream(running: Running, target: Target, facts: Map<string, string>): Promise<void> {
  const [first, second] = [
    await ask(running, { ...target, path: '/echo' }),
    await ask(running, { ...target, path: '/echo' }),
  ]
  const [requestLine = '', ...lines] = second.body.toString('latin1').split('\r\n')
  const port = String(target.scheme === 'http' ? running.httpPort : running.httpsPort)
  const valueOf = (name: string): string => {
    const value =
      lines
        .find((line) => line.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim() ?? ''
    if (name === 'x-request-id' && value.length >= 32) return 'made'
    return value === '' ? 'missing' : value.replace(target.host, 'HOST').replace(port, 'PORT')
  }
  const isKept = valueOf('connection').toLowerCase() !== 'close'
  const isReused = first.headers['x-connection'] === second.headers['x-connection']
  facts.set(`${target.scheme} request line upstream`, requestLine)
  for (const name of ['host', ...Object.keys(ownFields), ...forwardedFields])
    facts.set(`${target.scheme} ${name} upstream`, valueOf(name))
  facts.set(`${target.scheme} connection upstream`, `${isKept ? 'kept' : 'closed'}, ${isReused ? 'reused' : 'new'}`)
}

function ask(running: Running, { scheme, host, path, upload }: Ask): Promise<Answer> {
  const port = scheme === 'http' ? running.httpPort : running.httpsPort
  const headers = { host, connection: 'keep-alive', 'content-length': upload?.length ?? 0, ...ownFields }
  const options = { port, host: '127.0.0.1', path, method: upload === undefined ? 'GET' : 'POST', headers }
  return new Promise((resolve, reject) => {
    const request =
      scheme === 'http'
        ? httpRequest({ ...options, agent: plain })
        : httpsRequest({ ...options, ...tlsOptions, agent: secure, servername: host, rejectUnauthorized: false })
    request.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = []
      const tls = scheme === 'http' ? '' : ` ${describeTls(response.socket as TLSSocket)}`
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
          protocol: `HTTP/${response.httpVersion}${tls}`,
        }),
      )
    })
    request.end(upload)
  })
}

const plain = new HttpAgent({ keepAlive: true })
/** A session that is resumed shows no certificate. */
const secure = new HttpsAgent({ keepAlive: true, maxCachedSessions: 0 })

/** What the load offers: more than one of each would let candidates choose differently. */
const tlsOptions: Pick<SecureContextOptions, 'ciphers' | 'ecdhCurve' | 'minVersion'> = {
  ciphers: tlsCipher,
  ecdhCurve: tlsGroup,
  minVersion: 'TLSv1.3',
}

function describeTls(socket: TLSSocket): string {
  const exchange = socket.getEphemeralKeyInfo()
  const group = exchange !== null && 'name' in exchange ? exchange.name : 'no group'
  const { asn1Curve = 'no curve' } = socket.getPeerCertificate()
  return `${socket.getProtocol()} ${socket.getCipher().name} ${group} ${asn1Curve}`
}
