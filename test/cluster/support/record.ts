import type { ApiClient, Query } from './api-client.ts'
import type { Cluster } from './cluster.ts'
import { makeObject } from './objects.ts'
import type { KubeObject } from './resources.ts'

/** What the API server answered once: the body of an answer, or the events of a watch. */
export interface Exchange {
  readonly request: string
  readonly status: number
  readonly contentType: string
  readonly body: unknown
}

const watchLimit = 120_000
const ingresses = '/apis/networking.k8s.io/v1/namespaces/recorded/ingresses'

function makeIngress(name: string): KubeObject {
  const backend = { service: { name: 'svc', port: { number: 80 } } }
  const rules = [{ host: 'recorded.test', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }]
  return makeObject('Ingress', name, 'recorded', { spec: { ingressClassName: 'lintel', rules } })
}

/** Asks for each form of answer that a client of lists and watches meets. The cluster loses its history by it. */
export async function record(cluster: Cluster): Promise<ReadonlyMap<string, Exchange>> {
  const { admin } = cluster
  await admin.create(makeObject('Namespace', 'recorded', undefined, {}))
  const { metadata } = await admin.create(makeIngress('one'))
  await admin.create(makeIngress('two'))
  const powerless = cluster.clientOf('powerless-token')
  const nobody = cluster.clientOf('nobody')
  const from = { resourceVersion: metadata.resourceVersion ?? '', allowWatchBookmarks: true, timeoutSeconds: 4 }
  const recorded = new Map<string, Exchange>([
    ['list', await ask(admin, 'GET', ingresses)],
    ['page', await ask(admin, 'GET', `${ingresses}?limit=1`)],
    ['object', await ask(admin, 'GET', `${ingresses}/one`)],
    ['watch', await follow(admin, from)],
    ['bad-request', await ask(admin, 'POST', ingresses, 'no object')],
    ['unauthorized', await ask(nobody, 'GET', ingresses)],
    ['forbidden', await ask(powerless, 'GET', ingresses)],
    ['not-found', await ask(admin, 'GET', `${ingresses}/none`)],
    ['already-exists', await ask(admin, 'POST', ingresses, makeIngress('one'))],
    ['conflict', await ask(admin, 'PUT', `${ingresses}/one`, outdated(makeIngress('one')))],
    ['invalid', await ask(admin, 'POST', ingresses, makeIngress('Not_A_Name'))],
  ])
  await cluster.etcd.compact()
  await cluster.apiServer.kill()
  await cluster.apiServer.start()
  recorded.set('watch-expired', await follow(admin, { resourceVersion: 1 }))
  recorded.set(
    'list-expired',
    await ask(admin, 'GET', `${ingresses}?resourceVersion=2&resourceVersionMatch=Exact&limit=1`),
  )
  for (const client of [powerless, nobody]) client.close()
  return recorded
}

function outdated(ingress: KubeObject): KubeObject {
  return { ...ingress, metadata: { ...ingress.metadata, resourceVersion: '1' } }
}

async function ask(api: ApiClient, method: string, path: string, sent?: unknown): Promise<Exchange> {
  const { status, headers, body } = await api.ask(method, path, sent)
  return { request: `${method} ${path}`, status, contentType: headers['content-type'] ?? '', body }
}

/** Until the server ends the watch. Whether a bookmark comes before that is chance. */
async function follow(api: ApiClient, query: Query): Promise<Exchange> {
  const body: unknown[] = []
  const place = { kind: 'Ingress', namespace: 'recorded' }
  for await (const event of api.watch(place, query, AbortSignal.timeout(watchLimit)))
    if (event.type !== 'BOOKMARK') body.push(event)
  return { request: `WATCH ${JSON.stringify(query)}`, status: 200, contentType: 'application/json', body }
}
