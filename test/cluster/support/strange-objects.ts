import type { Random } from '../../fuzz/random.ts'
import { mutateValue, strangeAnnotations } from './mutate-value.ts'
import { makeObject } from './objects.ts'
import type { KubeObject } from './resources.ts'

/** Where strange objects stand, and what they may meet. */
export interface Surroundings {
  readonly namespace: string
  readonly ingressClass: string
  /** Strange objects of other kinds than Ingress: `strange-0`, `strange-1`, and so on. */
  readonly others: number
  /** Hosts that somebody else has. */
  readonly hosts: readonly string[]
}

type Shape = (name: string, random: Random, around: Surroundings) => object

const junk = Buffer.from('no PEM at all').toString('base64')

/** Good ones, of the kinds that an Ingress leads to. */
const shapes: Readonly<Record<string, Shape>> = {
  Secret: () => ({ type: 'kubernetes.io/tls', data: { 'tls.crt': junk, 'tls.key': junk } }),
  Service: (name) => ({
    spec: { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 3000 }] },
  }),
  EndpointSlice: (_, random) => ({
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 3000, protocol: 'TCP' }],
    endpoints: [{ addresses: [`10.244.205.${1 + random.below(250)}`], conditions: { ready: true } }],
  }),
}
const kinds = Object.keys(shapes)

/** A Secret, Service or EndpointSlice that is not as it should be. */
export function makeStrange(name: string, random: Random, around: Surroundings): KubeObject {
  const kind = random.pick(kinds)
  const object = makeObject(
    kind,
    name,
    around.namespace,
    mutateValue(shapes[kind]?.(name, random, around) ?? {}, random),
  )
  if (kind !== 'EndpointSlice') return object
  return {
    ...object,
    metadata: { ...object.metadata, labels: { 'kubernetes.io/service-name': other(random, around) } },
  }
}

/** An Ingress that is not as it should be: it wants hosts of others, and leads to strange objects. */
export function makeStrangeIngress(name: string, random: Random, around: Surroundings): KubeObject {
  const host = random.pick([`${name}.test`, `*.${name}.test`, random.pick(around.hosts)])
  const backend = { service: { name: other(random, around), port: { number: 80 } } }
  const spec = {
    ingressClassName: around.ingressClass,
    tls: [{ hosts: [host], secretName: other(random, around) }],
    rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
  }
  const ingress = makeObject('Ingress', name, around.namespace, { spec: mutateValue(spec, random) })
  return { ...ingress, metadata: { ...ingress.metadata, annotations: strangeAnnotations(random) } }
}

function other(random: Random, { others }: Surroundings): string {
  return `strange-${random.below(others)}`
}
