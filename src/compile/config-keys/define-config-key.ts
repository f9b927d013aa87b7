import type { ConfiguredSettings } from '../../model/index.ts'
import type { Effects } from '../effects.ts'

/** What the keys of a ConfigMap come to, while they are being read. */
export interface ConfigDraft {
  /** What Ingresses of dialect ingress-nginx begin with. */
  readonly effects: Effects
  /** What holds for the whole process. */
  readonly settings: { -readonly [Name in keyof ConfiguredSettings]: ConfiguredSettings[Name] }
  useProxyProtocol: boolean
  useForwardedHeaders: boolean
  /** Ranges of addresses of what stands in front. */
  front: readonly string[]
}

/** A key that is served: how its text is read, and what it does. */
export interface ConfigKey {
  readonly name: string
  readonly doc: string
  /** Answers false if the text cannot be read; nothing has then been changed. */
  apply(text: string, draft: ConfigDraft): boolean
}

/** Whole seconds, as ingress-nginx writes times in its ConfigMap; answers milliseconds. */
export function readSeconds(text: string): number | undefined {
  return /^[1-9]\d{0,7}$/.test(text.trim()) ? Number(text) * 1_000 : undefined
}

export function readList(text: string): string[] {
  return text
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '')
}
