import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { pathOfGoProgram } from '../../../tools/go-program.ts'
import { caddy as program } from '../../../tools/go-programs.ts'
import { certificateName } from '../site.ts'
import type { Site } from '../site.ts'
import type { Candidate } from './candidate.ts'
import { defineCandidate } from './configured-program.ts'
import type { Ports } from './configured-program.ts'

export const caddy: Candidate = defineCandidate({
  name: 'caddy',
  program: pathOfGoProgram(program),
  versionArguments: ['version'],
  pinned: program,
  configure: (site, ports) => {
    const path = join(site.folder, 'caddy.json')
    writeFileSync(path, JSON.stringify(describe(site, ports)))
    return ['run', '--config', path]
  },
})

/** Its default pool would keep 32 connections to a back end: with more clients than that it would open one a request. */
function describe(site: Site, ports: Ports): object {
  const server = { protocols: ['h1'], automatic_https: { disable: true }, idle_timeout: '75s' }
  const routes = [{ match: [{ host: site.hosts }], handle: [describeProxy(site)], terminal: true }]
  // The others, too, answer a name that they do not know: wrk cannot be told which to send.
  const policy = { fallback_sni: certificateName }
  return {
    admin: { disabled: true, config: { persist: false } },
    logging: { logs: { default: { level: 'ERROR' } } },
    apps: {
      http: {
        servers: {
          plain: { ...server, listen: [`127.0.0.1:${ports.http}`], routes },
          tls: { ...server, listen: [`127.0.0.1:${ports.https}`], routes, tls_connection_policies: [policy] },
        },
      },
      tls: { certificates: { load_files: [{ certificate: site.files.chain, key: site.files.key }] } },
    },
  }
}

/** X-Forwarded-For, -Host and -Proto it sets by itself. */
function describeProxy({ backendPort }: Site): object {
  const fields = {
    'X-Request-ID': ['{http.request.uuid}'],
    'X-Real-IP': ['{http.request.remote.host}'],
    'X-Forwarded-Port': ['{http.request.local.port}'],
    'X-Forwarded-Scheme': ['{http.request.scheme}'],
    'X-Scheme': ['{http.request.scheme}'],
  }
  return {
    handler: 'reverse_proxy',
    upstreams: [{ dial: `127.0.0.1:${backendPort}` }],
    headers: { request: { set: fields } },
    transport: { protocol: 'http', compression: false, keep_alive: { max_idle_conns_per_host: 1_024 } },
  }
}
