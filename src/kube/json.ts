import type { Json, JsonRecord } from '../model/index.ts'

/** Parses JSON; undefined if it is none. Records lose their prototype, because their keys come from outside. */
export function parseJson(text: string): Json | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
    return withoutPrototypes(JSON.parse(text) as Json)
  } catch {
    return undefined
  }
}

export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** In place, and without recursion: the depth of a text from outside is no bound. */
function withoutPrototypes(root: Json): Json {
  const open: Json[] = [root]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) Object.setPrototypeOf(value, null)
    for (const part of Object.values<Json>(value)) if (typeof part === 'object') open.push(part)
  }
  return root
}
