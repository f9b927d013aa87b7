import type { Json, JsonRecord, SourceObject } from '../../src/model/index.ts'

/** An object as a source gives it, named by its own metadata. */
export function sourceObject(kind: string, value: JsonRecord): SourceObject {
  const metadata = value['metadata']
  const name = textOf(metadata, 'name') ?? 'nameless'
  const namespace = textOf(metadata, 'namespace') ?? (kind === 'IngressClass' ? '' : 'default')
  return {
    ref: { kind, namespace, name },
    uid: `${kind}/${namespace}/${name}`,
    revision: '1',
    created: Infinity,
    value,
  }
}

function textOf(value: Json | undefined, field: string): string | undefined {
  const text = Object(value)[field] as unknown
  return typeof text === 'string' ? text : undefined
}
