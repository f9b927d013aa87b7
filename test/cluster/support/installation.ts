import type { Manifest } from '../../deploy/render.ts'
import { prerequisitesIn, rightsIn, subjectIn } from '../../deploy/rights.ts'
import type { Right } from '../../deploy/rights.ts'
import { startLintel } from '../../support/lintel.ts'
import type { Lintel } from '../../support/lintel.ts'
import type { Cluster } from './cluster.ts'
import { nodeName } from './kubelet.ts'
import { makeObject } from './objects.ts'
import { relocate } from './relocate.ts'
import type { KubeObject } from './resources.ts'
import { untilTrue } from './until.ts'

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly spec: { readonly containers: readonly [{ readonly args: readonly string[] }] }
}

const podName = 'lintel-0'

/** A rendered overlay in a shared cluster, in namespaces of its own: its rights are given, and its pod is a process. */
export class Installation {
  /** Its namespace, and the class of its Ingresses where it may read classes. */
  readonly name: string
  readonly rights: readonly Right[]
  /** Two namespaces, the same one twice where one alone is watched. */
  readonly watched: readonly [string, string]
  readonly #cluster: Cluster
  readonly #manifests: readonly Manifest[]
  /** The user that its Lintel is. */
  readonly subject: string
  readonly #template: PodTemplate

  constructor(cluster: Cluster, name: string, rendered: readonly Manifest[]) {
    const manifests = relocate(rendered, name)
    this.name = name
    this.#cluster = cluster
    this.#manifests = manifests
    this.rights = rightsIn(manifests)
    this.subject = subjectIn(manifests)
    this.#template = templateOf(manifests)
    const [one] = this.#args.flatMap((arg) => /^--watch-namespace=(.+)$/.exec(arg)?.[1] ?? [])
    this.watched = one === undefined ? [`${name}-one`, `${name}-two`] : [one, one]
  }

  get mayReadClasses(): boolean {
    return this.rights.some(({ resource }) => resource === 'ingressclasses')
  }

  /** Without classes, this one is known by its name. */
  get ingressClass(): string {
    return this.mayReadClasses ? this.name : 'lintel'
  }

  get #args(): string[] {
    return this.#template.spec.containers[0].args.map((arg) => arg.replaceAll('$(POD_NAMESPACE)', this.name))
  }

  /** Makes the namespaces, gives the rights, and waits until the API server knows them. */
  async install(): Promise<void> {
    const { admin } = this.#cluster
    const labels = { 'lintel.dev/watch': 'true' }
    for (const name of new Set([this.name, `${this.name}-one`, `${this.name}-two`]))
      await admin.apply({ ...makeObject('Namespace', name, undefined, {}), metadata: { name, labels } })
    for (const manifest of prerequisitesIn(this.#manifests)) await admin.apply(manifest)
    if (this.#args.some((arg) => arg.startsWith('--publish-service='))) await this.#front()
    if (this.rights.some(({ resource }) => resource === 'pods')) await this.#surround()
    for (const right of this.rights) await untilTrue('the rights are known', () => this.#has(right))
  }

  /** The Service in front, with an address of its own. */
  async #front(): Promise<void> {
    const place = { kind: 'Service', namespace: this.name, name: 'lintel' }
    const spec = { type: 'LoadBalancer', ports: [{ port: 80 }] }
    await this.#cluster.admin.create(makeObject('Service', place.name, place.namespace, { spec }))
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }
    await this.#cluster.admin.patch({ ...place, subresource: 'status' }, { status })
  }

  /** The pod beside another one, each on a node of its own. */
  async #surround(): Promise<void> {
    const { admin } = this.#cluster
    const { metadata, spec } = this.#template
    const nodes = [nodeName, `${this.name}-node`] as const
    await admin.create(makeObject('Node', nodes[1], undefined, {}))
    for (const [at, each] of nodes.entries()) {
      const pod = makeObject('Pod', `lintel-${at}`, this.name, { spec: { ...spec, nodeName: each } })
      await admin.create({ ...pod, metadata: { ...pod.metadata, labels: metadata.labels } })
    }
  }

  async start(): Promise<Lintel> {
    const kubeconfig = await this.#cluster.kubeconfigOfAccount(this.name, 'lintel')
    const args = this.#args.filter((arg) => !arg.startsWith('--log='))
    const own = ['--kubeconfig', kubeconfig, '--only-class', this.ingressClass, '--drain-delay', '0s', '--workers', '1']
    const port = args.includes('--admission-webhook') ? ['--admission-port', '0'] : []
    const environment = { POD_NAMESPACE: this.name, POD_NAME: podName }
    return startLintel([...own, ...port, ...args], undefined, { environment })
  }

  async #has({ verb, group, resource, namespace, name }: Right): Promise<boolean> {
    const [plural, subresource] = resource.split('/')
    const resourceAttributes = { verb, group, resource: plural, subresource, namespace, name }
    const spec = { user: this.subject, resourceAttributes }
    const review = makeObject('SubjectAccessReview', '', undefined, { spec })
    const { status } = await this.#cluster.admin.create<KubeObject>(review)
    return (status as { allowed?: boolean }).allowed === true
  }
}

function templateOf(manifests: readonly Manifest[]): PodTemplate {
  const deployment = manifests.find(({ kind }) => kind === 'Deployment')
  return (deployment as unknown as { spec: { template: PodTemplate } }).spec.template
}
