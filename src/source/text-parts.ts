/** What is read by itself of a text, and where it begins. */
export interface TextPart {
  readonly text: string
  readonly start: number
  /** Whether it has to be JSON, and not only YAML. */
  readonly json: boolean
}

/**
 * A text is one part, unless JSON objects stand in it one after another, as answers of `kubectl get -o json` do that were
 * written to one file: then each of them is one, and so is the YAML behind a line `---`. kubectl divides it alike.
 */
export function* partsOf(text: string): Generator<TextPart> {
  const start = skipSpace(text, 0)
  const end = endOfPart(text, start)
  const first = text.slice(start, end)
  const next = skipSpace(text, end)
  if (text[next] === '{' && isJson(first)) {
    yield { text: first, start, json: true }
    yield* partsFrom(text, next)
  } else yield { text, start: 0, json: false }
}

function* partsFrom(text: string, first: number): Generator<TextPart> {
  for (let start = first, end = first; start < text.length; start = skipSpace(text, end)) {
    end = endOfPart(text, start)
    yield { text: text.slice(start, end), start, json: !/\n---\s/.test(text.slice(start - 1, start + 4)) }
  }
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (/[\s\uFEFF]/.test(text.charAt(at))) at++
  return at
}

/** Behind the bracket that closes the one at `from`; the end of the text, if none is there, or none closes it. */
function endOfPart(text: string, from: number): number {
  if (text[from] !== '{') return text.length
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (char === '"') at = endOfString(text, at)
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at + 1
  }
  return text.length
}

/** The quote that closes the one at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
