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
  return elements.map((element) => element.trim()).filter((element) => element !== '')
}
