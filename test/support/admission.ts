import { request } from 'node:https'
import type { Agent } from 'node:https'

import type { FakeApiServer } from './fake-api-server.ts'

/** What the API server would ask of an object. */
export interface Asked {
  readonly operation?: string
  readonly object: unknown
  readonly uid?: string
  readonly dryRun?: boolean
  readonly subResource?: string
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string }
}

export interface ReviewResponse {
  readonly uid: string
  readonly allowed: boolean
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string }
  readonly warnings?: readonly string[]
}

export interface HttpsAnswer {
  readonly status: number
  readonly body: string
}

const ingressKindOfReview = { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress' }
export const reviewUrl = '/networking/v1/ingresses'

/** An AdmissionReview as the API server writes one. */
export function printAsked({ operation = 'CREATE', object, uid = 'u-1', ...rest }: Asked): string {
  const fixed = { uid, kind: ingressKindOfReview, operation, object, ...rest }
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: fixed })
}

export function readResponse(body: string): ReviewResponse {
  return (JSON.parse(body) as { response: ReviewResponse }).response
}

/** How a request differs from that of the API server. */
export interface Departure {
  readonly method?: string
  readonly path?: string
  readonly fields?: Readonly<Record<string, string>>
  /** Whose connections are used; one for this request alone, if nothing is said. */
  readonly agent?: Agent | undefined
}

/** Asks as the API server does: by the name of the Service, and trusting what the configuration has it trust. */
export function post(
  port: number,
  ca: string,
  body: string | Buffer,
  { method = 'POST', path = reviewUrl, fields = {}, agent }: Departure = {},
): Promise<HttpsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpsAnswer>()
  const servername = 'lintel-admission.default.svc'
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...fields }
  const options = { host: '127.0.0.1', port, path, method, headers, ca, servername, agent: agent ?? false }
  const sent = request(options, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (part: string) => (text += part))
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** An empty configuration, as it is installed. */
export function putConfiguration(api: FakeApiServer): void {
  const clientConfig = { service: { namespace: 'default', name: 'lintel-admission', path: reviewUrl } }
  api.put({
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'lintel-admission' },
    webhooks: [{ name: 'ingresses.lintel.dev', clientConfig }],
  })
}

/** What the configuration has the API server trust, PEM; '' as long as nobody has said. */
export function trustedBy(api: FakeApiServer): string {
  const [configuration] = api.objects('ValidatingWebhookConfiguration')
  const webhooks = configuration?.['webhooks'] as readonly { readonly clientConfig: { readonly caBundle?: string } }[]
  return Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64').toString()
}
