import * as http from 'node:http'
import * as https from 'node:https'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface Received {
  readonly status: number
  readonly fields: http.IncomingHttpHeaders
  readonly body: string
}

export interface Asked {
  readonly method: string
  /** The Host and the target are taken from it as they are written, never normalised. */
  readonly url: string
  readonly fields?: readonly (readonly [string, string])[]
  readonly body?: string
  /** How the connection begins, before TLS. */
  readonly introduction?: Beginning | undefined
}

interface Beginning {
  /** The address of this machine that connects. */
  readonly peer: string
  readonly octets: Buffer
}

/** One request on a connection of its own to a port of this machine, whatever host its URL names. */
export function ask(ports: { readonly http: number; readonly https: number }, asked: Asked): Promise<Received> {
  const [, scheme = 'http', host = '', target = '/'] = /^(https?):\/\/([^/?]*)(.*)$/.exec(asked.url) ?? []
  const secure = scheme === 'https'
  const options: https.RequestOptions = {
    host: '127.0.0.1',
    port: secure ? ports.https : ports.http,
    method: asked.method,
    path: target.startsWith('/') ? target : `/${target}`,
    headers: Object.fromEntries([['Host', host], ...(asked.fields ?? [])]),
    ...(secure && { servername: host.replace(/:\d+$/, ''), rejectUnauthorized: false }),
  }
  const { introduction } = asked
  const own = introduction === undefined ? { agent: false } : { createConnection: () => begin(options, introduction) }
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request({ ...options, ...own }, (response) => {
      let body = ''
      response.setEncoding('latin1').on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, fields: response.headers, body }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(asked.body)
  })
}

/** A connection that begins as it shall, and then with TLS where that is wanted. */
function begin({ host, port, servername }: https.RequestOptions, { peer, octets }: Beginning): Socket {
  const socket = connect({ host: host ?? '', port: Number(port), localAddress: peer })
  if (octets.length > 0) socket.write(octets)
  return servername === undefined ? socket : connectTls({ socket, servername, rejectUnauthorized: false })
}
