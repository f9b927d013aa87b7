import type { KindDescriptor } from '../../model/index.ts'
import type { Cursor } from '../decode.ts'
import { checkSubdomain, isLabel } from '../names.ts'

const mostAnnotations = 256 * 1024

/** What is read of the metadata of any object. */
export interface Metadata {
  readonly annotations: ReadonlyMap<string, string>
  readonly labels: ReadonlyMap<string, string>
}

/** Checks version, name and namespace, and reads annotations and labels. */
export function readMetadata(root: Cursor, kind: KindDescriptor): Metadata {
  checkVersion(root.at('apiVersion'), kind)
  const metadata = root.at('metadata')
  const name = metadata.at('name')
  const namespace = metadata.at('namespace')
  const nameText = name.string()
  if (nameText !== undefined) checkSubdomain(name, nameText)
  const namespaceText = namespace.string()
  if (namespaceText !== undefined && namespaceText !== '' && !isLabel(namespaceText)) {
    namespace.refuse(`"${namespaceText}" is not a DNS label`, 'Use lower-case letters, digits and "-".')
  }
  const annotations = readTexts(metadata.at('annotations'))
  const size = [...annotations].reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  )
  if (size > mostAnnotations)
    metadata
      .at('annotations')
      .refuse(`${size} octets, at most ${mostAnnotations} allowed`, 'Keep large data elsewhere.')
  return { annotations, labels: readTexts(metadata.at('labels')) }
}

/** Absent inside of a list, which has one version for all. */
function checkVersion(at: Cursor, { group, version, kind }: KindDescriptor): void {
  const wanted = group === '' ? version : `${group}/${version}`
  const text = at.string()
  if (text === undefined || text === wanted) return
  const hint =
    kind === 'Ingress' && text.includes('beta')
      ? 'The beta versions are gone since Kubernetes 1.22: write apiVersion: networking.k8s.io/v1, with pathType and backend.service.'
      : `Write apiVersion: ${wanted}.`
  at.refuse(`"${text}" found, ${wanted} wanted`, hint)
}

function readTexts(at: Cursor): ReadonlyMap<string, string> {
  return new Map(
    at.entries().flatMap(([name, value]) => {
      const text = value.string()
      return text === undefined ? [] : [[name, text] as const]
    }),
  )
}
