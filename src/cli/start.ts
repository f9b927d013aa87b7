import { fileURLToPath } from 'node:url'

import { bindPort } from '../serve/index.ts'
import type { Command } from './command.ts'
import { serveFlags } from './flag-table.ts'
import { readServeOptions, runServe } from './serve.ts'
import type { Terminal } from './terminal.ts'

const shop = fileURLToPath(new URL('../../examples/shop', import.meta.url))
const loopback = '127.0.0.1'

export const start: Command = {
  name: 'start',
  operands: '[PATH…]',
  summary: 'Serve the example shop with echo servers behind it',
  description:
    'The same as serve examples/shop --echo --bind 127.0.0.1, but a port that is taken is no mistake: a free one is used.',
  flags: serveFlags,
  async run({ values, operands }, terminal) {
    const given = new Map([['echo', ['true']], ['bind', [loopback]], ...values])
    const options = await readServeOptions(
      { values: given, operands: operands.length === 0 ? [shop] : operands },
      terminal,
    )
    const httpPort = await freePort(options.bind, options.httpPort, terminal)
    const httpsPort = await freePort(options.bind, options.httpsPort, terminal)
    const { bind, healthzPort: wanted } = options
    const healthzPort = wanted === undefined ? undefined : await freePort(bind, wanted, terminal)
    return runServe({ ...options, httpPort, httpsPort, healthzPort })
  },
}

/** The port if nobody listens on it, else 0, which takes a free one. */
async function freePort(host: string | undefined, port: number, terminal: Terminal): Promise<number> {
  try {
    const bound = await bindPort(host, port)
    bound.close()
    return port
  } catch {
    terminal.complain(`Port ${port} is taken; a free one is used instead.`)
    return 0
  }
}
