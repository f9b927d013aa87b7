import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { etcd } from '../../../tools/go-programs.ts'
import { pathOfProgram } from './programs.ts'
import { ServerProcess } from './server-process.ts'

const clientUrl = 'http://127.0.0.1:2379'
const peerUrl = 'http://127.0.0.1:2380'
const mostAtOnce = 50

/** What the API server keeps, and what can happen to it. */
export class Etcd {
  readonly process: ServerProcess
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    this.process = new ServerProcess(pathOfProgram(etcd), argsFor(this.#data), folder, obstacle)
  }

  /** Forgets everything older than now. */
  async compact(): Promise<void> {
    const { header } = await post('/v3/maintenance/status', {})
    await post('/v3/kv/compaction', { revision: header.revision, physical: true })
  }

  /** Makes so many revisions, as much work in the cluster would: resource versions are revisions of etcd. */
  async advance(revisions: number): Promise<void> {
    const pair = { key: btoa('revisions'), value: btoa('none') }
    for (let left = revisions; left > 0; left -= mostAtOnce)
      await Promise.all(Array.from({ length: Math.min(left, mostAtOnce) }, () => post('/v3/kv/put', pair)))
  }

  /** Keeps a copy of the data as they are; it stands still meanwhile. Answers the name of the copy. */
  save(): string {
    const saved = mkdtempSync(join(this.#folder, 'saved-'))
    this.process.hold()
    cpSync(this.#data, saved, { recursive: true })
    this.process.release()
    return saved
  }

  /** Starts again with a copy. */
  async restore(saved: string): Promise<void> {
    await this.process.kill()
    rmSync(this.#data, { recursive: true })
    cpSync(saved, this.#data, { recursive: true })
    await this.process.start()
  }

  get #data(): string {
    return join(this.#folder, 'etcd')
  }
}

interface EtcdAnswer {
  readonly header: { readonly revision: string }
}

async function post(path: string, body: object): Promise<EtcdAnswer> {
  const response = await fetch(`${clientUrl}${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as EtcdAnswer
}

async function obstacle(): Promise<string | undefined> {
  try {
    const response = await fetch(`${clientUrl}/health`)
    return response.ok ? undefined : await response.text()
  } catch (error) {
    return String(error)
  }
}

function argsFor(data: string): string[] {
  return [
    `--data-dir=${data}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
  ]
}
