/** Where a command reads and writes, line by line: the streams of the process, or those of a test. */
export interface Terminal {
  readonly input: AsyncIterable<Buffer | string>
  print(text: string): void
  complain(text: string): void
}
