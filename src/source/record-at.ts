import type { JsonRecord } from '../model/index.ts'
import { isRecord } from './manifest-file.ts'

/** The map that stands under a name; an empty one where there is none. */
export function recordAt(value: JsonRecord, name: string): JsonRecord {
  const part = value[name]
  return isRecord(part) ? part : {}
}
