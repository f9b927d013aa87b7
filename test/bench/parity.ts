import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { SecureContextOptions, TLSSocket } from 'node:tls'

import type { Running } from './candidates/index.ts'
import type { Site } from './site.ts'
import { tlsCipher, tlsGroup } from './tls-settings.ts'

/** The fields that every candidate adds to what goes upstream. */
export const forwardedFields: readonly string[] = [
  'x-request-id',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
]

interface Ask {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly path: string
  readonly upload?: Buffer
}

interface Answer {
  readonly status: number | undefined
  readonly body: Buffer
  readonly keptAlive: boolean
  readonly protocol: string
}

const largest = 1_048_576
const sizes = [1_024, 65_536, largest]

/** Throws unless all candidates do the same: status, body, fields upstream, keep-alive, version and cipher. */
export async function requireSameJob(running: readonly Running[], site: Site): Promise<void> {
  let first: readonly string[] | undefined
  for (const one of running) {
    const facts = await observeJob(one, site)
    first ??= facts
    const different = facts.findIndex((fact, at) => fact !== first?.[at])
    if (different >= 0) {
      throw new Error(
        `${one.name} does another job than ${running[0]?.name}:\n${facts[different]}\n${first[different]}`,
      )
    }
  }
}

async function observeJob(running: Running, site: Site): Promise<readonly string[]> {
  const host = site.hosts[0] ?? ''
  const facts: string[] = []
  for (const scheme of site.hosts.length > 100 ? (['http'] as const) : (['http', 'https'] as const)) {
    for (const size of sizes) {
      const { status, body, keptAlive, protocol } = await ask(running, { scheme, host, path: `/${size}/check` })
      const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
      facts.push(`${scheme} ${size}: ${status} ${body.length} ${hash} ${keptAlive ? 'kept' : 'closed'} ${protocol}`)
    }
    const upload = await ask(running, { scheme, host, path: '/16/upload', upload: Buffer.alloc(largest, 'u') })
    facts.push(`${scheme} upload: ${upload.status} ${upload.body.length}`)
    const { body } = await ask(running, { scheme, host, path: '/echo' })
    facts.push(`${scheme} upstream: ${readForwarded(body.toString('latin1'), host, running, scheme)}`)
  }
  return facts
}

/** The names and the values that must be the same for all; a request id and a port are only looked at. */
function readForwarded(head: string, host: string, running: Running, scheme: 'http' | 'https'): string {
  const lines = head.toLowerCase().split('\r\n')
  const valueOf = (name: string): string => {
    const value =
      lines
        .find((line) => line.startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim() ?? 'missing'
    if (name === 'x-request-id' && value !== 'missing') return value.length >= 32 ? 'made' : value
    const port = scheme === 'http' ? running.httpPort : running.httpsPort
    return value.replace(host, 'HOST').replace(String(port), 'PORT')
  }
  return ['host', ...forwardedFields].map((name) => `${name}=${valueOf(name)}`).join(' ')
}

function ask(running: Running, { scheme, host, path, upload }: Ask): Promise<Answer> {
  const port = scheme === 'http' ? running.httpPort : running.httpsPort
  const headers = { host, connection: 'keep-alive', 'content-length': upload?.length ?? 0 }
  const options = { port, host: '127.0.0.1', path, method: upload === undefined ? 'GET' : 'POST', headers }
  return new Promise((resolve, reject) => {
    const request =
      scheme === 'http'
        ? httpRequest(options)
        : httpsRequest({ ...options, ...tlsOptions, servername: host, rejectUnauthorized: false })
    request.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = []
      const tls = scheme === 'http' ? '' : ` ${describeTls(response.socket as TLSSocket)}`
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          body: Buffer.concat(chunks),
          keptAlive: response.headers.connection?.toLowerCase() !== 'close',
          protocol: `HTTP/${response.httpVersion}${tls}`,
        }),
      )
    })
    request.end(upload)
  })
}

export const tlsOptions: Pick<SecureContextOptions, 'ciphers' | 'ecdhCurve' | 'minVersion'> = {
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
