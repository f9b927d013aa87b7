import { apiVersionOf } from './resources.ts'
import type { KubeObject } from './resources.ts'

/** Any object, by what differs from another of its kind. */
export function makeObject(kind: string, name: string, namespace: string | undefined, rest: object): KubeObject {
  const metadata = { name, ...(namespace !== undefined && { namespace }) }
  return { apiVersion: apiVersionOf(kind), kind, metadata, ...rest }
}

/** `replicas` echo pods with these variables, and the Service of the same name before them, port 80. */
export function makeApplication(
  name: string,
  namespace: string,
  replicas = 1,
  variables: Readonly<Record<string, string>> = {},
): readonly [deployment: KubeObject, service: KubeObject] {
  const labels = { app: name }
  const env = Object.entries(variables).map(([variable, value]) => ({ name: variable, value }))
  const container = { name: 'echo', image: 'echo', env, ports: [{ containerPort: 3000 }] }
  const template = { metadata: { labels }, spec: { containers: [container] } }
  const strategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  return [
    makeObject('Deployment', name, namespace, {
      spec: { replicas, strategy, selector: { matchLabels: labels }, template },
    }),
    makeObject('Service', name, namespace, {
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 3000 }] },
    }),
  ]
}
