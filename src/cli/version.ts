import { readFileSync } from 'node:fs'

import type { Command } from './command.ts'

const floor = '24.12'

export const version: Command = {
  name: 'version',
  operands: '',
  summary: 'Say which version this is',
  description: 'Names the version of Lintel, the Node that runs it, and the oldest Node that it supports.',
  flags: [],
  run(_, terminal) {
    const text: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    const own = typeof text === 'object' && text !== null && 'version' in text ? String(text.version) : ''
    terminal.print(
      `lintel ${own}, Node ${process.versions.node} (at least ${floor}), OpenSSL ${process.versions.openssl}`,
    )
    return Promise.resolve(0)
  },
}
