import { bodyLimit, smallPath } from '../site.ts'
import type { Site } from '../site.ts'
import { defineTarget } from './configured-program.ts'
import type { Place } from './configured-program.ts'
import type { Target } from './target.ts'

/** Its defaults, and the forwarding fields set as its manual shows. It limits no body but by the length that it announces. */
export const haproxy: Target = defineTarget({
  name: 'haproxy',
  program: 'haproxy',
  title: 'HAProxy',
  versionArguments: ['-v'],
  arguments: (file) => ['-db', '-f', file],
  configure,
})

function configure({ ports, fillers }: Pick<Site, 'ports' | 'fillers'>, { port }: Place, impatient: boolean): string {
  const deadline = impatient ? '2s' : '120s'
  const backends = Object.entries(ports).map(([service, at]) => `backend ${service}\n  server one 127.0.0.1:${at}`)
  return `global
  nbthread 1
  maxconn 1000
defaults
  mode http
  timeout connect 5s
  timeout client ${deadline}
  timeout server ${impatient ? '1s' : '60s'}
  timeout http-request ${deadline}
  timeout http-keep-alive ${deadline}
frontend hostile
  bind 127.0.0.1:${port}
  http-request set-header X-Real-IP %[src]
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Scheme http
  http-request set-header X-Scheme http
  acl host_a req.hdr(host),field(1,:),lower -m str a.test
${['b.test', ...fillers].map((host) => `  acl host_b req.hdr(host),field(1,:),lower -m str ${host}`).join('\n')}
  http-request deny if host_a { path /admin } or host_a { path_beg /admin/ }
  http-request deny deny_status 413 if host_a { path_beg ${smallPath} } { req.hdr_val(content-length) gt ${bodyLimit} }
  http-request return status 404 unless host_a or host_b
  use_backend api if host_a { path /api } or host_a { path_beg /api/ }
  use_backend open if host_a
  use_backend other if host_b
${backends.join('\n')}
`
}
