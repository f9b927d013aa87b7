import { Reflector } from '../kube/index.ts'
import type { ObjectName } from '../kube/index.ts'
import type { KindDescriptor } from '../model/index.ts'
import type { AddressSource, AddressStages } from './address-source.ts'
import { addressesOfService } from './address.ts'
import type { Address } from './address.ts'

const services: KindDescriptor = { group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true }

/** Those of one Service, which need not be in a watched namespace. One that is not there tells nothing. */
export class ServiceAddresses implements AddressSource {
  readonly #service: ObjectName
  readonly #stages: AddressStages
  #reflector: Reflector | undefined

  constructor(service: ObjectName, stages: AddressStages) {
    this.#service = service
    this.#stages = stages
  }

  get current(): readonly Address[] | undefined {
    const [service] = this.#reflector?.list() ?? []
    return service === undefined ? undefined : addressesOfService(service.value)
  }

  run(changed: () => void, signal: AbortSignal): void {
    const { client, clock, random, failed } = this.#stages
    const { namespace, name } = this.#service
    const scope = { namespace, fieldSelector: `metadata.name=${name}` }
    const target = { kind: services, scope, optional: false }
    this.#reflector = new Reflector(target, client, { clock, random }, { changed, failed })
    void this.#reflector.run(signal)
  }
}
