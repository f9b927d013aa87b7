import { AskedWrongly, readAsked } from '../asked-url.ts'
import type { AskedInWords } from '../asked-url.ts'
import { printable } from '../base/index.ts'
import { defaultSettings, namespacedName } from '../model/index.ts'
import type { PublicPorts } from '../route/index.ts'
import { tell } from '../tell.ts'
import type { Told } from '../tell.ts'
import { adminToAsk, askAdmin } from './ask-admin.ts'
import type { Command } from './command.ts'
import { explainFlags } from './flag-table.ts'
import { FlagValues } from './flag-values.ts'
import type { Given } from './flags.ts'
import { assembleOnce, readObjectOptions } from './object-options.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export const explain: Command = {
  name: 'explain',
  operands: 'URL PATH…',
  summary: 'Say where a request goes and why, step by step',
  description:
    'Decides as serve does and sends nothing. Exit code 0 whenever it could decide, else 2. With --admin, and in a pod\nwithout paths, the running serve of this machine is asked, which answers from the table that it serves.',
  flags: explainFlags,
  async run(given, terminal) {
    const told = await tellGiven(given, terminal)
    const json = new FlagValues(given).word('output', ['text', 'json']) === 'json'
    terminal.print(json ? JSON.stringify(told, undefined, 2) : printTold(told))
    return 0
  },
}

async function tellGiven(given: Given, terminal: Terminal): Promise<Told> {
  const values = new FlagValues(given)
  const [url, ...paths] = given.operands
  if (url === undefined) throw new UsageError('a URL is missing: lintel explain http://shop.localhost/api PATH')
  const words = readWords(url, values)
  const admin = adminToAsk(given, process.env)
  if (admin !== undefined) return askAdmin(admin, words)
  const asked = orUsageError(() =>
    readAsked(words, { ports: readPorts(values), trustedProxies: values.trustedProxies }),
  )
  return tell(await assembleOnce(await readObjectOptions(values, paths, terminal.input), terminal), asked)
}

function readWords(url: string, values: FlagValues): AskedInWords {
  const [method, address, sni] = [values.text('method'), values.text('client-ip'), values.text('sni')]
  return { url, method, fields: values.all('header'), address, sni }
}

function orUsageError<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof AskedWrongly ? new UsageError(error.message) : error
  }
}

function readPorts(values: FlagValues): PublicPorts {
  return {
    publicHttpPort: values.port('public-http-port') ?? defaultSettings.publicHttpPort,
    publicHttpsPort: values.port('public-https-port') ?? defaultSettings.publicHttpsPort,
  }
}

function printTold({
  request,
  outcome,
  status,
  reason,
  location,
  ingress,
  rule,
  service,
  endpoints,
  steps,
  upstreamHead,
}: Told): string {
  const result =
    status === undefined ? outcome : `${status} ${reason ?? ''}${location === undefined ? '' : ` to ${location}`}`
  const lines = [
    `${request.method} ${request.url}: ${result}`,
    ...steps.map((step) => `  ${step.step.padEnd(8)}  ${step.outcome.padEnd(10)}  ${step.reason}`),
    ...(ingress === undefined
      ? []
      : [
          `Ingress    ${namespacedName(ingress)}${rule === undefined || rule.path === '' ? '' : `, ${rule.pathType} ${rule.path} of ${rule.host || 'every host'}`}`,
        ]),
    ...(service === undefined ? [] : [`Service    ${namespacedName(service)}:${service.port}`]),
    ...(endpoints === undefined ? [] : [`Endpoints  ${endpoints.length === 0 ? 'none' : endpoints.join(' ')}`]),
    ...(upstreamHead === undefined
      ? []
      : [
          'The upstream receives',
          ...upstreamHead
            .trimEnd()
            .split('\r\n')
            .map((line) => `  ${line}`),
        ]),
  ]
  return lines.map(printable).join('\n')
}
