import type { AskedUrl } from './asked-url.ts'
import type { Assembled } from './assembly.ts'
import { readRequestHead } from './http/index.ts'
import type { RequestFault } from './http/index.ts'
import { Chains, middlewares } from './middleware/index.ts'
import { answerReasons, defaultSettings, namespacedName } from './model/index.ts'
import type { AnswerReason, Client } from './model/index.ts'
import { explain as explainRoute, RouterBuilder } from './route/index.ts'
import type { Explanation } from './route/index.ts'
import { endpointKey, TlsContexts, TrustedProxies } from './serve/index.ts'

/** What `-o json` prints. */
export interface Told extends Omit<Explanation, 'answer' | 'steps'> {
  readonly request: { readonly method: string; readonly url: string; readonly host: string; readonly path: string }
  readonly reason?: AnswerReason
  readonly location?: string
  readonly endpoints?: readonly string[]
  readonly steps: readonly { readonly step: string; readonly outcome: string; readonly reason: string }[]
}

/** Where a request goes and why: of files, of a cluster, or of the table that is served. */
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
