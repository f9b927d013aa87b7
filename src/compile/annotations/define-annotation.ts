import type { Dialect } from '../../model/index.ts'
import type { Effects } from '../effects.ts'

/** An annotation that is served: how its text is read, and what it does. */
export interface Annotation {
  /** Without prefix. */
  readonly name: string
  readonly doc: string
  /** Answers false if the text cannot be read; nothing has then been changed. */
  apply(text: string, effects: Effects, dialect: Dialect): boolean
}

/** Gives the truth that a text says to whoever wants it; answers false if it says none. */
export function applyBoolean(text: string, put: (value: boolean) => void): boolean {
  const value = readBoolean(text)
  if (value !== undefined) put(value)
  return value !== undefined
}

/** As ingress-nginx reads booleans: Go's strconv.ParseBool. */
function readBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined
}
