import { isIP } from 'node:net'

import type { Assembled } from '../assembly.ts'
import { readRequestHead } from '../http/index.ts'
import type { RequestFault } from '../http/index.ts'
import { Chains, middlewares } from '../middleware/index.ts'
import { answerReasons, defaultSettings, namespacedName } from '../model/index.ts'
import type { AnswerReason, Client } from '../model/index.ts'
import { explain as explainRoute, RouterBuilder } from '../route/index.ts'
import type { Explanation, PublicPorts } from '../route/index.ts'
import { endpointKey, TlsContexts, TrustedProxies } from '../serve/index.ts'
import type { Command } from './command.ts'
import { explainFlags } from './flag-table.ts'
import { FlagValues } from './flag-values.ts'
import { assembleOnce, readObjectOptions } from './object-options.ts'
import { UsageError } from './usage-error.ts'

export const explain: Command = {
  name: 'explain',
  operands: 'URL PATH…',
  summary: 'Say where a request goes and why, step by step',
  description: 'Decides as serve does and sends nothing. Exit code 0 whenever it could decide, else 2.',
  flags: explainFlags,
  async run(given, terminal) {
    const values = new FlagValues(given)
    const [url, ...paths] = given.operands
    if (url === undefined) throw new UsageError('a URL is missing: lintel explain http://shop.localhost/api PATH')
    const asked = readAsked(url, values)
    const assembled = await assembleOnce(await readObjectOptions(values, paths, terminal.input))
    const told = tell(assembled, asked)
    terminal.print(
      values.word('output', ['text', 'json']) === 'json' ? JSON.stringify(told, undefined, 2) : printTold(told),
    )
    return 0
  },
}

/** The request that is asked about. */
export interface AskedUrl {
  readonly method: string
  readonly scheme: 'http' | 'https'
  /** As it is written in the URL. */
  readonly host: string
  readonly target: string
  readonly fields: readonly string[]
  readonly address: string
  readonly sni: string | undefined
  readonly ports: PublicPorts
  /** As the flag names them. */
  readonly trustedProxies: readonly string[]
}

/** What `-o json` prints. */
export interface Told extends Omit<Explanation, 'answer' | 'steps'> {
  readonly request: { readonly method: string; readonly url: string; readonly host: string; readonly path: string }
  readonly reason?: AnswerReason
  readonly location?: string
  readonly endpoints?: readonly string[]
  readonly steps: readonly { readonly step: string; readonly outcome: string; readonly reason: string }[]
}

/** Never by a URL parser, which would rewrite what the client sends. */
function readAsked(url: string, values: FlagValues): AskedUrl {
  const [, scheme, host = '', target = ''] = /^(https?):\/\/([^/?#]*)([^#]*)$/.exec(url) ?? []
  if (scheme !== 'http' && scheme !== 'https')
    throw new UsageError(`${url}: a URL wanted, such as http://shop.localhost/api`)
  const address = values.text('client-ip') ?? '127.0.0.1'
  if (isIP(address) === 0) throw new UsageError(`--client-ip ${address}: an IP address wanted`)
  return {
    method: values.text('method') ?? 'GET',
    scheme,
    host,
    target: target.startsWith('/') ? target : `/${target}`,
    fields: values.all('header'),
    address,
    sni: scheme === 'https' ? (values.text('sni') ?? serverNameOf(host)) : undefined,
    ports: readPorts(values),
    trustedProxies: values.trustedProxies,
  }
}

/** What a client sends as SNI: its host, unless that is an address (RFC 6066 3). */
function serverNameOf(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return isIP(name) === 0 ? name : undefined
}

function readPorts(values: FlagValues): PublicPorts {
  return {
    publicHttpPort: values.port('public-http-port') ?? defaultSettings.publicHttpPort,
    publicHttpsPort: values.port('public-https-port') ?? defaultSettings.publicHttpsPort,
  }
}

export function tell({ compilation, backends }: Assembled, asked: AskedUrl): Told {
  const request = {
    method: asked.method,
    url: `${asked.scheme}://${asked.host}${asked.target}`,
    host: asked.host,
    path: asked.target,
  }
  const head = readRequestHead(asked, defaultSettings.requestLimits)
  if (typeof head === 'string') {
    const step = { step: 'head', outcome: 'refused', reason: headFaults[head] }
    return { request, outcome: 'answer', status: answerReasons[head], reason: head, steps: [step] }
  }
  const tls = new TlsContexts()
  tls.use(compilation.table)
  const policy = asked.scheme === 'https' ? tls.policyOf(asked.sni) : undefined
  const peer: Client = { address: asked.address, scheme: asked.scheme, sni: asked.sni, policy }
  const { trustedProxies = [] } = compilation.table.settings
  const trusted = asked.trustedProxies.length > 0 ? asked.trustedProxies : trustedProxies
  const client = new TrustedProxies(trusted).clientOf(peer, head)
  const chains = new Chains(middlewares)
  const router = new RouterBuilder().build(compilation.table)
  const publicHttpsPort = asked.ports.publicHttpsPort
  const told = explainRoute(router, { request: head, client, ports: asked.ports }, (route) => {
    const answer = chains.answer(route, { request: head, client, publicHttpsPort })
    const served = route.targets.some(({ backend }) => (backends.get(backend)?.endpoints.length ?? 0) > 0)
    return answer ?? (served ? undefined : { reason: 'NoEndpoints' })
  })
  return { request, ...withoutAnswer(told), ...endpointsOf(told, backends) }
}

function withoutAnswer({ answer, ...told }: Explanation): Omit<Told, 'request'> {
  const location = answer?.fields?.find(([name]) => name === 'Location')?.[1]
  return {
    ...told,
    ...(answer !== undefined && { reason: answer.reason }),
    ...(location !== undefined && { location }),
  }
}

function endpointsOf({ service }: Explanation, backends: Assembled['backends']): Pick<Told, 'endpoints'> {
  if (service === undefined) return {}
  return { endpoints: backends.get(`${namespacedName(service)}:${service.port}`)?.endpoints.map(endpointKey) ?? [] }
}

const headFaults: Readonly<Record<RequestFault, string>> = {
  BadRequest: 'the request line, the Host or a field is not well-formed',
  HeadTooLarge: 'the head is too large or has too many fields',
  MethodNotAllowed: 'this method is not served',
  TargetTooLong: 'the request line is too long',
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
  return lines.join('\n')
}
