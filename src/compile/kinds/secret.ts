import type { KindDescriptor, ObjectRef, SourceObject } from '../../model/index.ts'
import { readObject } from '../decode.ts'
import type { Cursor, Read } from '../decode.ts'
import { readMetadata } from './metadata.ts'

export const secretKind: KindDescriptor = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
}

export interface SecretObject {
  readonly ref: ObjectRef
  /** PEM texts, undefined where the key is absent. Not judged yet. */
  readonly certificate: string | undefined
  readonly privateKey: string | undefined
}

const largest = 1024 * 1024
const base64 = /^[A-Za-z\d+/]*={0,2}$/

export function readSecret(object: SourceObject): Read<SecretObject> {
  return readObject(object, (root) => {
    readMetadata(root, secretKind)
    const data = readData(root)
    const type = root.at('type').string() ?? 'Opaque'
    for (const key of type === 'kubernetes.io/tls' ? ['tls.crt', 'tls.key'] : []) {
      if (root.at('data').at(key).absent && root.at('stringData').at(key).absent)
        root
          .at('data')
          .refuse(
            `"${key}" is required in a Secret of type kubernetes.io/tls, but missing`,
            'kubectl create secret tls makes such a Secret from two files.',
          )
    }
    return { ref: object.ref, certificate: data.get('tls.crt'), privateKey: data.get('tls.key') }
  })
}

/** `stringData` stands over `data`. */
function readData(root: Cursor): ReadonlyMap<string, string> {
  const data = new Map<string, string>()
  for (const [name, value] of root.at('data').entries()) {
    const text = value.string()?.replaceAll(/\s/g, '')
    if (text === undefined) continue
    if (base64.test(text) && text.length % 4 === 0) data.set(name, Buffer.from(text, 'base64').toString('latin1'))
    else value.refuse('not base64', 'Encode it (base64 -w0 FILE), or put the text under stringData.')
  }
  for (const [name, value] of root.at('stringData').entries()) {
    const text = value.string()
    if (text !== undefined) data.set(name, text)
  }
  const size = [...data.values()].reduce((sum, text) => sum + text.length, 0)
  if (size > largest)
    root.refuse(
      `${size} octets, at most ${largest} allowed in a Secret`,
      'A certificate and its chain are a few thousand octets.',
    )
  return data
}
