import { applyBoolean } from './define-annotation.ts'
import type { Annotation } from './define-annotation.ts'

export const canary: Annotation = {
  name: 'canary',
  doc: 'Whether the Ingress takes a share of the requests of another one. It takes none yet. Default: false.',
  apply: (text, effects) => applyBoolean(text, (value) => (effects.canary = value)),
}
