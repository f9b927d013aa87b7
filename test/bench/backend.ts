import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { buildNative, reasonAgainstNative, responder } from './native-programs.ts'
import { loadCore, spawnPinned, stopProcess } from './pinned-process.ts'
import { freePort, untilAccepting } from './ports.ts'

/** What all proxies send their requests to. */
export interface Backend {
  readonly pid: number
  readonly port: number
  readonly stop: () => Promise<void>
}

/** native/responder.c, or where it cannot be compiled nginx, which costs more and cannot echo messages. */
export function startBackend(): Promise<Backend> {
  return reasonAgainstNative() === undefined ? startResponder() : startNginx()
}

export async function startResponder(): Promise<Backend> {
  const child = spawnPinned(loadCore, [buildNative(responder)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return { pid: child.pid ?? 0, port: Number(line.toString('latin1')), stop: () => stopProcess(child) }
}

/** Sizes of the bodies that it has; the responder makes any. */
const sizes = [16, 1_024, 65_536, 1_048_576]

export async function startNginx(): Promise<Backend> {
  const folder = mkdtempSync(join(tmpdir(), 'lintel-bench-backend-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  for (const size of sizes) writeFileSync(join(folder, String(size)), patternOf(size))
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), printConfiguration(folder, port))
  const command = ['nginx', '-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'errors')]
  const child = spawnPinned(loadCore, command, { stdio: ['ignore', 'ignore', 'inherit'] })
  await untilAccepting(port, () => (child.exitCode === null ? undefined : 'nginx ended'))
  const stop = async (): Promise<void> => {
    await stopProcess(child)
    remove()
  }
  return { pid: child.pid ?? 0, port, stop }
}

/** As the responder makes it. */
function patternOf(size: number): string {
  return 'abcdefghijklmnopqrstuvw'.repeat(Math.ceil(size / 23)).slice(0, size)
}

/** Fields that /echo answers with. */
const echoed = `host connection user-agent accept cookie x-request-id x-real-ip x-forwarded-for x-forwarded-host
  x-forwarded-port x-forwarded-proto x-forwarded-scheme x-scheme`.split(/\s+/)

/** One process. A POST, which files do not take, it asks itself as a GET once it has read the body: an answer before that ends a connection. */
function printConfiguration(folder: string, port: number): string {
  const echo = echoed.map((name) => `${name}: $http_${name.replaceAll('-', '_')}\r\n`).join('')
  return `
user root; daemon off; master_process off; worker_rlimit_nofile 20000; pid ${folder}/pid;
events { worker_connections 10000; }
http {
  access_log off; default_type application/octet-stream; etag off; max_ranges 0; client_max_body_size 0; client_body_buffer_size 2m;
  keepalive_timeout 1h; keepalive_requests 1000000000; open_file_cache max=10;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port};
    location = /echo { add_header X-Connection $connection; return 200 "$request\r\n${echo}\r\n"; }
    location ~ ^[^0-9]*(?<size>[0-9]+) { alias ${folder}/$size; error_page 405 = @upload; }
    location @upload {
      proxy_pass http://127.0.0.1:${port}; proxy_method GET; proxy_pass_request_body off; proxy_set_header Content-Length "";
    }
  }
}
`
}
