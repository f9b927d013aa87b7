import { isRecord } from '../kube/index.ts'
import type { Resource } from '../kube/index.ts'
import type { Json, JsonRecord } from '../model/index.ts'
import type { Credentials } from './credentials.ts'

export const secrets: Resource = { group: '', version: 'v1', plural: 'secrets', namespaced: true }

/** What a Secret holds; what is not there, or cannot be read, is empty. */
export function readCredentials({ data }: JsonRecord): Credentials {
  const text = (name: string): string => decode(isRecord(data) ? data[name] : undefined)
  return {
    server: { chain: text('tls.crt'), key: text('tls.key') },
    authorities: text('ca.crt'),
    authorityKey: text('ca.key'),
  }
}

/** The Secret as it is to be, with all that others wrote to it. */
export function printCredentials(
  held: JsonRecord | undefined,
  place: { readonly namespace: string; readonly name: string },
  { server, authorities, authorityKey }: Credentials,
): JsonRecord {
  const texts = { 'tls.crt': server.chain, 'tls.key': server.key, 'ca.crt': authorities, 'ca.key': authorityKey }
  const data = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, encode(text)]))
  const fresh = { apiVersion: 'v1', kind: 'Secret', metadata: { ...place }, type: 'kubernetes.io/tls' }
  return { ...fresh, ...held, data: { ...(isRecord(held?.['data']) ? held['data'] : {}), ...data } }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}

function decode(text: Json | undefined): string {
  return typeof text === 'string' ? Buffer.from(text, 'base64').toString() : ''
}
