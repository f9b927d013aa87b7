import type { KindDescriptor, ObjectRef, SourceObject } from '../../model/index.ts'
import { readObject } from '../decode.ts'
import type { Read } from '../decode.ts'
import { readMetadata } from './metadata.ts'

export const configMapKind: KindDescriptor = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
}

export interface ConfigMapObject {
  readonly ref: ObjectRef
  readonly data: ReadonlyMap<string, string>
}

export function readConfigMap(object: SourceObject): Read<ConfigMapObject> {
  return readObject(object, (root) => {
    readMetadata(root, configMapKind)
    const data = root
      .at('data')
      .entries()
      .flatMap(([name, value]) => {
        const text = value.string()
        return text === undefined ? [] : [[name, text] as const]
      })
    return { ref: object.ref, data: new Map(data) }
  })
}
