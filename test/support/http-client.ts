import * as http from 'node:http'
import * as https from 'node:https'

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
    agent: false,
    ...(secure && { servername: host.replace(/:\d+$/, ''), rejectUnauthorized: false }),
  }
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request(options, (response) => {
      let body = ''
      response.setEncoding('latin1').on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, fields: response.headers, body }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(asked.body)
  })
}
