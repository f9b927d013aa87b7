import { isIPv4, isIPv6 } from 'node:net'

import type { Json, JsonRecord } from '../model/index.ts'

/** Where clients reach us: an entry of `status.loadBalancer.ingress`. At least one of the two is there. */
export interface Address {
  readonly ip?: string
  readonly hostname?: string
}

/** An IP address or a host name, as a person writes it. */
export function addressOf(text: string): Address {
  return isIPv4(text) || isIPv6(text) ? { ip: text } : { hostname: text }
}

/** What tells entries apart; it holds no blank. */
export function addressKey({ ip, hostname }: { readonly ip?: Json; readonly hostname?: Json }): string {
  return `${textOf(ip)}|${textOf(hostname)}`
}

/** Each once, and what any client can dial first: many take the first entry. */
export function inOrder(addresses: readonly Address[]): Address[] {
  const distinct = new Map(addresses.map((address) => [addressKey(address), address]))
  return [...distinct.values()].toSorted((a, b) => rank(a) - rank(b))
}

/** The addresses of a Service, as ingress-nginx takes them. */
export function addressesOfService({ spec, status }: JsonRecord): Address[] {
  const { type, clusterIP, externalName, externalIPs } = recordOf(spec)
  const external = listOf(externalIPs).flatMap((ip) => (isText(ip) ? [{ ip }] : []))
  const cluster = isText(clusterIP) && clusterIP !== 'None' ? [{ ip: clusterIP }] : []
  if (type === 'ExternalName') return isText(externalName) ? [{ hostname: externalName }] : []
  if (type === 'NodePort') return inOrder(external.length > 0 ? external : cluster)
  if (type !== 'LoadBalancer') return cluster
  const balancers = listOf(recordOf(recordOf(status)['loadBalancer'])['ingress'])
  return inOrder([...balancers.flatMap(entryOf), ...external])
}

/** The address of a Node: external before internal, unless internal ones are wanted. */
export function addressOfNode({ status }: JsonRecord, internal: boolean): Address | undefined {
  const addresses = listOf(recordOf(status)['addresses']).map(recordOf)
  const find = (type: string): string | undefined =>
    addresses.flatMap((entry) => (entry['type'] === type && isText(entry['address']) ? [entry['address']] : []))[0]
  const found = internal ? find('InternalIP') : (find('ExternalIP') ?? find('InternalIP'))
  return found === undefined ? undefined : addressOf(found)
}

function entryOf(entry: Json): Address[] {
  const { ip, hostname } = recordOf(entry)
  const address = { ...(isText(ip) && { ip }), ...(isText(hostname) && { hostname }) }
  return Object.keys(address).length === 0 ? [] : [address]
}

function rank({ ip }: Address): number {
  if (ip === undefined) return 1
  return isIPv4(ip) ? 0 : 2
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== ''
}

function textOf(value: Json | undefined): string {
  return isText(value) ? value : ''
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

export function recordOf(value: Json | undefined): JsonRecord {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is neither null nor a list is a record
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {}
}
