import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { watchTurns } from '../longest-turn.ts'
import { allCores, proxyCore, spawnPinned, stopProcess } from '../pinned-process.ts'
import { freePort, untilAccepting } from '../ports.ts'
import { pathPrefixes } from '../site.ts'
import type { Site } from '../site.ts'
import type { Candidate, Running } from './candidate.ts'

const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

/** As shipped, on a folder of manifests; one worker, as the others have one, unless the site wants more. */
export const lintel: Candidate = {
  name: 'lintel',
  lacks: [],
  missing: () => undefined,
  version: () => `node ${process.version}`,
  start: startLintel,
}

async function startLintel(site: Site): Promise<Running> {
  const ports = { http: await freePort(), https: await freePort() }
  const { workers = 1, watchTurns: watched = false } = site.shape
  const flags = ['--http-port', String(ports.http), '--https-port', String(ports.https), '--bind', '127.0.0.1']
  const command = [process.execPath, program, 'serve', ...flags, '--log', 'off', '--workers', String(workers)]
  const child = spawnPinned(workers === 1 ? proxyCore : allCores, [...command, writeManifests(site)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: watched ? { ...process.env, ...watchTurns(site.folder) } : process.env,
  })
  await untilAccepting(ports.http, () => (child.exitCode === null ? undefined : 'lintel ended'))
  return {
    name: 'lintel',
    pid: child.pid ?? 0,
    httpPort: ports.http,
    httpsPort: ports.https,
    stop: () => stopProcess(child),
  }
}

export function manifestFolder(site: Site): string {
  return join(site.folder, 'manifests')
}

/** One file a host, and one for what they share. */
function writeManifests(site: Site): string {
  const folder = manifestFolder(site)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'shared.json'), JSON.stringify(printShared(site)))
  for (const host of site.hosts) writeFileSync(join(folder, `${host}.json`), printManifest(host))
  return folder
}

export function printManifest(host: string, further: readonly string[] = []): string {
  const backend = { service: { name: 'backend', port: { number: 80 } } }
  const paths = ['/', ...pathPrefixes, ...further].map((path) => ({ path, pathType: 'Prefix', backend }))
  return JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: host },
    spec: {
      ingressClassName: 'lintel',
      tls: [{ hosts: [host], secretName: 'bench' }],
      rules: [{ host, http: { paths } }],
    },
  })
}

function printShared({ backendPort, certificate }: Site): object {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'backend', annotations: { 'lintel.dev/endpoints': `127.0.0.1:${backendPort}` } },
    spec: { ports: [{ port: 80 }] },
  }
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'bench' },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': encode(certificate.chain), 'tls.key': encode(certificate.key) },
  }
  return { apiVersion: 'v1', kind: 'List', items: [service, secret] }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
