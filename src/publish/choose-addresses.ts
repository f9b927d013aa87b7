import type { AddressSource, AddressStages } from './address-source.ts'
import { addressOf, inOrder } from './address.ts'
import { NodeAddresses } from './node-addresses.ts'
import type { PublishOptions } from './publish-options.ts'
import { ServiceAddresses } from './service-addresses.ts'

/** As ingress-nginx chooses: what was said, else the Service in front, else the nodes that pods like ours run on. */
export function chooseAddresses(options: PublishOptions, stages: AddressStages): AddressSource | undefined {
  const { addresses, service, podNamespace, podName, internalAddresses } = options
  if (addresses.length > 0) return { current: inOrder(addresses.map(addressOf)), run: () => undefined }
  if (service !== undefined) return new ServiceAddresses(service, stages)
  if (podNamespace === undefined || podName === undefined) return undefined
  return new NodeAddresses({ namespace: podNamespace, name: podName }, internalAddresses, stages)
}
