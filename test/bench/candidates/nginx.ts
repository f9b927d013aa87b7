import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { nginxProxying } from '../../support/nginx-proxying.ts'
import { pathPrefixes } from '../site.ts'
import type { Site } from '../site.ts'
import type { Candidate } from './candidate.ts'
import { defineCandidate } from './configured-program.ts'
import type { Ports } from './configured-program.ts'

export const nginx: Candidate = defineNginx('nginx', '')

/** Buffers for large bodies, and request bodies passed on as they come: what its default costs it most. */
export const nginxTuned: Candidate = {
  ...defineNginx(
    'nginx-tuned',
    `proxy_buffer_size 16k; proxy_buffers 8 256k; proxy_busy_buffers_size 512k; proxy_request_buffering off;`,
  ),
  only: 'bodies',
}

/** More TLS servers than this would keep a context each: for thousands of hosts it serves plain HTTP alone. */
const mostTlsHosts = 100

function defineNginx(name: string, tuning: string): Candidate {
  return defineCandidate({
    name,
    program: 'nginx',
    versionArguments: ['-v'],
    configure: (site, ports) => {
      const path = join(site.folder, `${name}.conf`)
      writeFileSync(path, printConfiguration(site, ports, tuning))
      return ['-c', path, '-p', site.folder, '-e', join(site.folder, `${name}.log`)]
    },
  })
}

/** Its defaults, but for what the job asks: keep-alive without a count on both sides, and the same fields upstream. */
function printConfiguration(site: Site, ports: Ports, tuning: string): string {
  return `
user root; daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${site.folder}/${ports.http}.pid;
events { worker_connections 10000; }
http {
  access_log off; client_max_body_size 0; keepalive_requests 1000000000;
  server_names_hash_max_size 65536; server_names_hash_bucket_size 128;
  ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate ${site.files.chain}; ssl_certificate_key ${site.files.key};
  upstream backend { server 127.0.0.1:${site.backendPort}; keepalive 1024; keepalive_requests 1000000000; }
  ${nginxProxying}
  ${tuning}
${site.hosts.map((host) => printServer(host, ports, site.hosts.length <= mostTlsHosts)).join('\n')}
}
`
}

function printServer(host: string, ports: Ports, tls: boolean): string {
  const locations = ['/', ...pathPrefixes].map((path) => `location ${path} { proxy_pass http://backend; }`)
  const listen = `listen 127.0.0.1:${ports.http};${tls ? ` listen 127.0.0.1:${ports.https} ssl;` : ''}`
  return `  server { ${listen} server_name ${host}; ${locations.join(' ')} }`
}
