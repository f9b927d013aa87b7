import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { loadCore, spawnPinned } from './pinned-process.ts'

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))

/** What a load saw. Latencies in milliseconds. */
export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly bytes: number
  readonly failed: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

export interface WrkOptions {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** Made by `writeRequests`. */
  readonly requestFile: string
  /** OpenSSL's configuration: one group and one cipher for everybody. */
  readonly tlsFile: string
  readonly onStart?: (pid: number) => void
}

/** A closed loop over kept-alive connections: what it says of latency is worth little, of throughput much. */
export async function runWrk(options: WrkOptions): Promise<LoadResult> {
  const { url, connections, seconds, requestFile } = options
  const flags = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s', '-s', script]
  const child = spawnPinned(loadCore, ['wrk', ...flags, url, '--', requestFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, OPENSSL_CONF: options.tlsFile },
  })
  options.onStart?.(child.pid ?? 0)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text))
  await once(child, 'close')
  const line = output.split('\n').findLast((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(`wrk gave no result:\n${output}`)
  return JSON.parse(line) as LoadResult
}

export function writeRequests(path: string, requests: readonly string[]): void {
  writeFileSync(
    path,
    requests.map((request) => `${Buffer.byteLength(request, 'latin1')}\n${request}`).join(''),
    'latin1',
  )
}

/** TLS 1.3 with the one cipher that Go would choose anyway: its servers cannot be told another. */
export function writeTlsSettings(path: string): void {
  const lines = [
    'openssl_conf = all',
    '[all]',
    'ssl_conf = tls',
    '[tls]',
    'system_default = settings',
    '[settings]',
    'MinProtocol = TLSv1.3',
    `Ciphersuites = ${tlsCipher}`,
    `Groups = ${tlsGroup}`,
  ]
  writeFileSync(path, `${lines.join('\n')}\n`)
}

export const tlsCipher = 'TLS_AES_128_GCM_SHA256'
export const tlsGroup = 'X25519'
