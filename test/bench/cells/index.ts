import type { Cell } from './cell.ts'
import { edits } from './edits.ts'
import { handshakes } from './handshakes.ts'
import { defineIdle } from './idle.ts'
import { definePaced } from './paced.ts'
import { defineThroughput } from './throughput.ts'
import { tunnels } from './tunnels.ts'
import { twoWorkers } from './two-workers.ts'

export type { Cell, Visit } from './cell.ts'

const [kilobyte, megabyte] = [1_024, 1_048_576]

/** All that is measured, in the order of the table. */
export const cells: readonly Cell[] = [
  defineThroughput('h1-1k', 'HTTP/1.1, 1 KB', { scheme: 'http', size: kilobyte }),
  defineThroughput('tls-1k', 'HTTPS, 1 KB', { scheme: 'https', size: kilobyte }),
  defineThroughput('h1-64k', 'HTTP/1.1, 64 KB', { scheme: 'http', size: 64 * kilobyte }),
  defineThroughput('tls-64k', 'HTTPS, 64 KB', { scheme: 'https', size: 64 * kilobyte }),
  defineThroughput('h1-1m', 'HTTP/1.1, 1 MiB', { scheme: 'http', size: megabyte }),
  defineThroughput('tls-1m', 'HTTPS, 1 MiB', { scheme: 'https', size: megabyte }),
  defineThroughput('h1-1k-1000c', 'HTTP/1.1, 1 KB, 1,000 connections', {
    scheme: 'http',
    size: kilobyte,
    connections: 1_000,
  }),
  defineThroughput('tls-1k-1000c', 'HTTPS, 1 KB, 1,000 connections', {
    scheme: 'https',
    size: kilobyte,
    connections: 1_000,
  }),
  defineThroughput('upload-1m', 'HTTP/1.1, upload of 1 MiB', { scheme: 'http', size: megabyte, upload: true }),
  definePaced('h1-1k-tenth', 'HTTP/1.1, 1 KB, a tenth of the load', { scheme: 'http', share: 0.1 }),
  definePaced('tls-1k-tenth', 'HTTPS, 1 KB, a tenth of the load', { scheme: 'https', share: 0.1 }),
  definePaced('h1-1k-half', 'HTTP/1.1, 1 KB, half of the load', { scheme: 'http', share: 0.5 }),
  handshakes,
  tunnels,
  defineIdle('idle-h1', 'Idle connections', 'http'),
  defineIdle('idle-tls', 'Idle TLS connections', 'https'),
  twoWorkers,
  defineThroughput('h1-1k-10000h', 'HTTP/1.1, 1 KB, 10,000 hosts', {
    scheme: 'http',
    size: kilobyte,
    site: { hosts: 10_000 },
  }),
  edits,
]
