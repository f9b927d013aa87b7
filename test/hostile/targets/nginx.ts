import { nginxProxying } from '../../support/nginx-proxying.ts'
import { bodyLimit, smallPath } from '../site.ts'
import type { Site } from '../site.ts'
import { defineTarget } from './configured-program.ts'
import type { Place } from './configured-program.ts'
import type { Target } from './target.ts'

/** Its defaults, keep-alive to the back ends, and the forwarding fields that its manual shows how to set. */
export const nginx: Target = defineTarget({
  name: 'nginx',
  program: 'nginx',
  title: 'nginx',
  versionArguments: ['-v'],
  arguments: (file, { folder }) => ['-c', file, '-p', folder, '-e', 'stderr'],
  configure,
})

function configure(
  { ports, fillers }: Pick<Site, 'ports' | 'fillers'>,
  { folder, port }: Place,
  impatient: boolean,
): string {
  const upstreams = Object.entries(ports).map(
    ([service, at]) => `upstream ${service} { server 127.0.0.1:${at}; keepalive 64; }`,
  )
  const deadlines = impatient
    ? 'client_header_timeout 2s; client_body_timeout 2s; keepalive_timeout 2s; proxy_read_timeout 1s; proxy_send_timeout 1s;'
    : 'client_header_timeout 120s;'
  return `
daemon off; worker_processes 1; pid ${folder}/pid;
events { worker_connections 1000; }
http {
  access_log off; ${deadlines}
  ${upstreams.join('\n  ')}
  ${nginxProxying}
  server { listen 127.0.0.1:${port} default_server; return 404; }
  server {
    listen 127.0.0.1:${port}; server_name a.test;
    location / { proxy_pass http://open; }
    location = /api { proxy_pass http://api; }
    location /api/ { proxy_pass http://api; }
    location ${smallPath} { client_max_body_size ${bodyLimit}; proxy_pass http://open; }
    location = /admin { return 403; }
    location /admin/ { return 403; }
  }
  server { listen 127.0.0.1:${port}; server_name b.test ${fillers.join(' ')}; location / { proxy_pass http://other; } }
}
`
}
