const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu

/** Text for people: line ends and terminal codes that an object smuggles in are shown as `\u{A}`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`)
}

/** Text of so many octets at most; one that is cut off ends with an ellipsis. */
export function shorten(text: string, octets: number): string {
  if (Buffer.byteLength(text) <= octets) return text
  const kept = Buffer.from(text).subarray(0, octets - '…'.length * 3)
  return `${new TextDecoder().decode(kept, { stream: true })}…`
}
