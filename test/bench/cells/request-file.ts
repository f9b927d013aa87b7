import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { writeRequests } from '../load-result.ts'
import { makeRequestHeads } from '../request-heads.ts'
import type { Site } from '../site.ts'

const fewest = 1_000
/** Large bodies are sent by few requests: their heads do not matter. */
const withBody = 8

/** Requests for answers of so many octets, made once a site. */
export function requestFileFor(site: Site, size: number): string {
  const path = join(site.folder, `get-${size}.requests`)
  if (!existsSync(path)) {
    writeRequests(path, makeRequestHeads({ hosts: site.hosts, count: Math.max(fewest, site.hosts.length), size }))
  }
  return path
}

/** Requests that bring so many octets, and are answered with a few. */
export function uploadFileFor(site: Site, size: number): string {
  const path = join(site.folder, `post-${size}.requests`)
  if (!existsSync(path)) {
    const extra = `Content-Type: application/octet-stream\r\nContent-Length: ${size}\r\n`
    const heads = makeRequestHeads({ hosts: site.hosts, count: withBody, size: 16, method: 'POST', extra })
    const body = 'u'.repeat(size)
    writeRequests(
      path,
      heads.map((head) => head + body),
    )
  }
  return path
}
