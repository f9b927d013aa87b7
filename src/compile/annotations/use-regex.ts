import { applyBoolean } from './define-annotation.ts'
import type { Annotation } from './define-annotation.ts'

export const useRegex: Annotation = {
  name: 'use-regex',
  doc: 'Whether paths are regular expressions. Only those that are plain paths are served yet. Default: false.',
  apply: (text, effects) => applyBoolean(text, (value) => (effects.useRegex = value)),
}
