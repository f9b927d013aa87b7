import { applyBoolean } from './define-annotation.ts'
import type { Annotation } from './define-annotation.ts'

export const enableGlobalAuth: Annotation = {
  name: 'enable-global-auth',
  doc: 'Whether the global-auth-url of the ConfigMap guards this Ingress too. Default: true.',
  apply: (text, effects) => applyBoolean(text, (value) => (effects.globalAuth = value)),
}
