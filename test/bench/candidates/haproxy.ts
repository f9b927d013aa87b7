import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Site } from '../site.ts'
import type { Candidate } from './candidate.ts'
import { defineCandidate } from './configured-program.ts'
import type { Ports } from './configured-program.ts'

export const haproxy: Candidate = defineCandidate({
  name: 'haproxy',
  program: 'haproxy',
  versionArguments: ['-v'],
  configure: (site, ports) => {
    const [path, map] = [join(site.folder, 'haproxy.cfg'), join(site.folder, 'haproxy.map')]
    writeFileSync(map, site.hosts.map((host) => `${host} backend\n`).join(''))
    writeFileSync(path, printConfiguration(site, ports, map))
    return ['-W', '-f', path]
  },
})

/** Hosts are looked up in a map, as its users do for more than a few; idle connections are shared by all clients. */
function printConfiguration(site: Site, ports: Ports, map: string): string {
  return `global
  nbthread 1
  maxconn 9000
defaults
  mode http
  timeout connect 5s
  timeout client 75s
  timeout server 60s
  timeout http-keep-alive 75s
  timeout tunnel 1h
  http-reuse always
frontend bench
  bind 127.0.0.1:${ports.http}
  bind 127.0.0.1:${ports.https} ssl crt ${site.files.both}
  http-request set-header X-Request-ID %[uuid()]
  http-request set-header X-Real-IP %[src]
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request set-header X-Forwarded-Proto https if { ssl_fc }
  http-request set-header X-Forwarded-Scheme https if { ssl_fc }
  http-request set-header X-Scheme https if { ssl_fc }
  http-request set-header X-Forwarded-Proto http unless { ssl_fc }
  http-request set-header X-Forwarded-Scheme http unless { ssl_fc }
  http-request set-header X-Scheme http unless { ssl_fc }
  use_backend %[req.hdr(host),lower,map_str(${map})]
backend backend
  server responder 127.0.0.1:${site.backendPort}
`
}
