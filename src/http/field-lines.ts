/** Reads and changes field lines as heads carry them: `Name: value\r\n`, one after another. */

/** All fields, in order, names as they are written. */
export function fieldsOf(lines: string): (readonly [name: string, value: string])[] {
  return lines
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 2)] as const
    })
}

/** The values of a field, joined as RFC 9110 5.3 allows; undefined if there is none. */
export function fieldValue(lines: string, name: string): string | undefined {
  const wanted = name.toLowerCase()
  const values = fieldsOf(lines).filter(([found]) => found.toLowerCase() === wanted)
  return values.length === 0 ? undefined : values.map(([, text]) => text).join(', ')
}

export function withoutField(lines: string, name: string): string {
  const wanted = name.toLowerCase()
  const kept = fieldsOf(lines).filter(([found]) => found.toLowerCase() !== wanted)
  return kept.map(([found, text]) => `${found}: ${text}\r\n`).join('')
}

/** Replaces every field of that name by one, at the end. */
export function withField(lines: string, name: string, text: string): string {
  return `${withoutField(lines, name)}${name}: ${text}\r\n`
}

/** The elements of a comma-separated list, lower case, empty ones left out (RFC 9110 5.6.1). */
export function listOf(text: string): string[] {
  const lower = text.toLowerCase()
  const elements = lower.includes(',') ? lower.split(',') : [lower]
  return elements.map(withoutBlanks).filter((element) => element !== '')
}

const isBlank = (char: string): boolean => char === ' ' || char === '\t'

/** Without the blanks around it. Those of HTTP are space and tab alone (RFC 9110 5.6.3): `trim` takes U+00A0 for one too. */
export function withoutBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charAt(start))) start++
  while (start < end && isBlank(text.charAt(end - 1))) end--
  return text.slice(start, end)
}
