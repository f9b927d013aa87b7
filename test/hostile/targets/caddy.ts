import { pathOfGoProgram } from '../../../tools/go-program.ts'
import { caddy as program } from '../../../tools/go-programs.ts'
import { bodyLimit, smallPath } from '../site.ts'
import type { Site } from '../site.ts'
import { defineTarget } from './configured-program.ts'
import type { Place } from './configured-program.ts'
import type { Target } from './target.ts'

/** Its defaults; X-Forwarded-For, -Host and -Proto it sets by itself. */
export const caddy: Target = defineTarget({
  name: 'caddy',
  program: pathOfGoProgram(program),
  title: 'Caddy',
  versionArguments: ['version'],
  pinned: program,
  arguments: (file) => ['run', '--config', file],
  configure,
})

function configure({ ports, fillers }: Pick<Site, 'ports' | 'fillers'>, { port }: Place, impatient: boolean): string {
  const routes = [
    {
      match: [{ host: ['a.test'], path: ['/admin', '/admin/*'] }],
      handle: [{ handler: 'static_response', status_code: 403 }],
      terminal: true,
    },
    {
      match: [{ host: ['a.test'], path: ['/api', '/api/*'] }],
      handle: [proxyTo(ports.api, impatient)],
      terminal: true,
    },
    {
      match: [{ host: ['a.test'], path: [smallPath, `${smallPath}/*`] }],
      handle: [{ handler: 'request_body', max_size: bodyLimit }, proxyTo(ports.open, impatient)],
      terminal: true,
    },
    { match: [{ host: ['a.test'] }], handle: [proxyTo(ports.open, impatient)], terminal: true },
    { match: [{ host: ['b.test', ...fillers] }], handle: [proxyTo(ports.other, impatient)], terminal: true },
    { handle: [{ handler: 'static_response', status_code: 404 }] },
  ]
  const deadlines = impatient ? { read_header_timeout: '2s', read_timeout: '2s', idle_timeout: '2s' } : {}
  const server = {
    listen: [`127.0.0.1:${port}`],
    protocols: ['h1'],
    automatic_https: { disable: true },
    routes,
    ...deadlines,
  }
  return JSON.stringify({
    admin: { disabled: true, config: { persist: false } },
    logging: { logs: { default: { level: 'ERROR' } } },
    apps: { http: { servers: { hostile: server } } },
  })
}

function proxyTo(port: number, impatient: boolean): object {
  const set = {
    'X-Real-IP': ['{http.request.remote.host}'],
    'X-Forwarded-Port': ['{http.request.local.port}'],
    'X-Forwarded-Scheme': ['{http.request.scheme}'],
    'X-Scheme': ['{http.request.scheme}'],
  }
  const deadlines = impatient ? { response_header_timeout: '1s', read_timeout: '1s', write_timeout: '1s' } : {}
  return {
    handler: 'reverse_proxy',
    transport: { protocol: 'http', ...deadlines },
    upstreams: [{ dial: `127.0.0.1:${port}` }],
    headers: { request: { set } },
  }
}
