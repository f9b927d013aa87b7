import { fileURLToPath } from 'node:url'

import type { Candidate } from './candidate.ts'
import { defineCandidate } from './configured-program.ts'

const program = fileURLToPath(new URL('undici-proxy.ts', import.meta.url))

/** What one would write in an afternoon: the TypeScript to be better than. */
export const nodeUndici: Candidate = defineCandidate({
  name: 'node-undici',
  program: process.execPath,
  versionArguments: ['--version'],
  lacks: ['upgrade'],
  configure: (site, ports) => [
    program,
    JSON.stringify({ ports, backendPort: site.backendPort, files: site.files, hosts: site.hosts.length }),
  ],
})
