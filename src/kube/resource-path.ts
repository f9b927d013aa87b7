import type { KindDescriptor } from '../model/index.ts'

/** What identifies a kind in a path of the API. */
export interface Resource extends Pick<KindDescriptor, 'group' | 'version' | 'plural' | 'namespaced'> {
  /** Whether a lead hangs on it: then requests for its objects are a leader's. */
  readonly leads?: boolean
}

/** What of a collection is asked for. */
export interface Scope {
  /** undefined: all namespaces, or a kind that has none. */
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

/** The path of a collection. */
export function collectionPath({ group, version, plural, namespaced }: Resource, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const home = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${home}/${plural}`
}

/** The path of one object, or of a part of it such as `status`. */
export function objectPath(
  resource: Resource,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  subresource?: string,
): string {
  const path = `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`
  return subresource === undefined ? path : `${path}/${subresource}`
}

/** The query of a list or watch; parameters without a value are left out. */
export function queryOf(
  { labelSelector, fieldSelector }: Scope,
  further: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries({ labelSelector, fieldSelector, ...further }).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}
