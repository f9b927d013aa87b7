const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu

/** Text for people: line ends and terminal codes that an object smuggles in are shown as `\u{A}`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`)
}
