import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'

import { Pool } from 'undici'

import { hostName } from '../site.ts'

/** A proxy of `node:http` and undici, as they are meant to be used: streams, no tricks. */
interface Settings {
  readonly ports: { readonly http: number; readonly https: number }
  readonly backendPort: number
  readonly files: { readonly chain: string; readonly key: string }
  readonly hosts: number
}

const settings = JSON.parse(process.argv[2] ?? '') as Settings
const pool = new Pool(`http://127.0.0.1:${settings.backendPort}`, { connections: 1_024, pipelining: 1 })
const hosts = new Set(Array.from({ length: settings.hosts }, (_, at) => hostName(at)))
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'])

function passOn(scheme: 'http' | 'https', request: IncomingMessage, response: ServerResponse): void {
  if (!hosts.has(request.headers.host ?? '')) {
    response.writeHead(404).end()
    return
  }
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  const options = { path: request.url ?? '/', method: request.method as 'GET', headers: fieldsOf(scheme, request) }
  pool.stream(
    { ...options, body: hasBody ? request : null, opaque: response },
    (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name))
      return response.writeHead(answer.statusCode, Object.fromEntries(kept) as Record<string, string>)
    },
    (error) => {
      if (error !== null) response.destroy()
    },
  )
}

function fieldsOf(scheme: 'http' | 'https', request: IncomingMessage): Record<string, string> {
  const kept = Object.entries(request.headers).filter(([name]) => !hopByHop.has(name)) as [string, string][]
  const address = request.socket.remoteAddress ?? ''
  return {
    ...Object.fromEntries(kept),
    'X-Request-ID': randomUUID(),
    'X-Real-IP': address,
    'X-Forwarded-For': address,
    'X-Forwarded-Host': request.headers.host ?? '',
    'X-Forwarded-Port': String(settings.ports[scheme]),
    'X-Forwarded-Proto': scheme,
    'X-Forwarded-Scheme': scheme,
    'X-Scheme': scheme,
  }
}

/** As long as the others keep an idle connection; its default is 5 s. */
const options = { keepAliveTimeout: 75_000 }
const tls = {
  cert: readFileSync(settings.files.chain),
  key: readFileSync(settings.files.key),
  ALPNProtocols: ['http/1.1'],
}
createServer(options, (request, response) => passOn('http', request, response)).listen(settings.ports.http, '127.0.0.1')
createTlsServer({ ...options, ...tls }, (request, response) => passOn('https', request, response)).listen(
  settings.ports.https,
  '127.0.0.1',
)
