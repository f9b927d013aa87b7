import { aborted, fin, inChunks, ok, poison, stray } from './upstream-shape.ts'
import type { UpstreamShape } from './upstream-shape.ts'

const last = '0\r\n\r\n'

/** Chunks after a good head: the head has left, so all that is left is to abort. */
const badChunks: readonly (readonly [id: string, chunks: string, reason: string])[] = [
  ['size-not-hexadecimal', `xyz\r\nabc\r\n${last}`, 'No size, no frame'],
  ['size-empty', `\r\nabc\r\n${last}`, 'No size: the last chunk for one reader, a fault for the other'],
  ['size-prefix', `0x3\r\nabc\r\n${last}`, 'Zero and rubbish for one reader, three for the other'],
  ['size-plus', `+3\r\nabc\r\n${last}`, 'A sign is no digit'],
  ['size-minus', `-3\r\nabc\r\n${last}`, 'A negative size turns the reader back'],
  ['size-space-before', ` 3\r\nabc\r\n${last}`, 'Trimmed by some readers alone'],
  ['size-space-after', `3 \r\nabc\r\n${last}`, 'Trimmed by some readers alone'],
  ['size-tab-after', `3\t\r\nabc\r\n${last}`, 'Trimmed by some readers alone'],
  ['size-underscore', `1_0\r\n${'a'.repeat(16)}\r\n${last}`, 'A digit separator of programming languages'],
  ['size-wraps-64', `10000000000000003\r\nabc\r\n${last}`, 'Wraps to 3 in 64 bits'],
  [
    'size-wraps-32',
    `100000003\r\nabc\r\n${last}`,
    'Wraps to 3 in 32 bits: here it is a body of 4 GB that ends too early',
  ],
  ['size-endless', `${'0'.repeat(300)}3\r\nabc\r\n${last}`, 'Zeros without end'],
  ['size-lf', `3\nabc\r\n${last}`, 'A bare LF ends a line for lenient readers alone'],
  ['size-cr', `3\rabc\r\n${last}`, 'A bare CR ends a line for some readers'],
  ['size-crcrlf', `3\r\r\nabc\r\n${last}`, 'A doubled CR'],
  ['size-nul', `3\0\r\nabc\r\n${last}`, 'A NUL ends the text for a reader written in C'],
  ['data-lf', `3\r\nabc\n${last}`, 'A chunk ends by CRLF'],
  ['data-no-end', `3\r\nabc${last}`, 'The terminator is missing; a reader that skips two octets would not see it'],
  ['data-any-two', `3\r\nabcXX${last}`, 'A reader that skips any two octets falls out of step'],
  ['data-long', `2\r\nabc\r\n${last}`, 'More data than the size says'],
  ['data-short', `5\r\nabc\r\n${last}`, 'Less data than the size says: the next size is taken for data'],
  ['extension-bare', `3;\r\nabc\r\n${last}`, 'An extension without a name'],
  ['extension-space', `3 ;a=b\r\nabc\r\n${last}`, 'Blanks around extensions hide what follows from some readers'],
  ['extension-lf', `3;a=b\nabc\r\n${last}`, 'A bare LF inside an extension ends the line for some readers'],
  ['extension-cr', `3;a=\rb\r\nabc\r\n${last}`, 'A bare CR inside an extension: several servers fell to it in 2025'],
  ['extension-quoted-crlf', `3;a="\r\n"\r\nabc\r\n${last}`, 'Quotes do not hide a line end'],
  ['extension-nul', `3;a=\0\r\nabc\r\n${last}`, 'A control octet in an extension'],
  ['extension-long', `3;a=${'b'.repeat(300)}\r\nabc\r\n${last}`, 'A size line of more than 256 octets'],
  ['extension-unclosed', `3;a="b\r\nabc\r\n${last}`, 'A quote that is never closed'],
  [
    'extensions-endless',
    `${`1;${'a'.repeat(200)}\r\nx\r\n`.repeat(100)}${last}`,
    'More than 16 KiB of extensions in a body',
  ],
  ['last-double-zero-data', `0\r\nabc\r\n\r\n`, 'Data after the last chunk is no trailer'],
  ['last-lf', '3\r\nabc\r\n0\n\n', 'The last chunk ends by CRLF'],
  ['last-lf-blank', '3\r\nabc\r\n0\r\n\n', 'The blank line ends by CRLF'],
  ['trailer-folded', '3\r\nabc\r\n0\r\nA: b\r\n c\r\n\r\n', 'Folding is refused in trailers too'],
  ['trailer-no-colon', '3\r\nabc\r\n0\r\nA\r\n\r\n', 'A line that is no field'],
  ['trailer-space-colon', '3\r\nabc\r\n0\r\nA : b\r\n\r\n', 'A blank before the colon'],
  ['trailer-nul', '3\r\nabc\r\n0\r\nA: \0\r\n\r\n', 'A control octet in a trailer'],
  ['trailer-cr', '3\r\nabc\r\n0\r\nA: b\rC: d\r\n\r\n', 'A bare CR in a trailer'],
  ['trailer-lf', '3\r\nabc\r\n0\r\nA: b\n\r\n', 'A bare LF in a trailer'],
  ['trailer-name', '3\r\nabc\r\n0\r\nA b: c\r\n\r\n', 'A name that is no token'],
  ['trailers-huge', `3\r\nabc\r\n0\r\n${'A: b\r\n'.repeat(3_000)}\r\n`, 'Trailers of more than 16 KiB'],
  ['trailer-endless', `3\r\nabc\r\n0\r\nA: ${'b'.repeat(20_000)}`, 'A trailer line without end'],
]

/** The same ends of a chunked body, but by a FIN. */
const cutChunks: readonly (readonly [id: string, chunks: string])[] = [
  ['no-chunk', ''],
  ['in-size', '3'],
  ['in-data', '3\r\nab'],
  ['before-last', '3\r\nabc\r\n'],
  ['in-last', '3\r\nabc\r\n0\r\n'],
  ['in-trailer', '3\r\nabc\r\n0\r\nA: b\r\n'],
]

const rightChunks: readonly (readonly [id: string, chunks: string, reason: string])[] = [
  ['one-octet-each', `${'1\r\nx\r\n'.repeat(2_000)}${last}`, 'Legal: thousands of chunks of one octet'],
  ['extension', `3;a="b;\\"c";d\r\nabc\r\n${last}`, 'Legal: extensions are read and left out'],
  ['upper-case', `A\r\n${'a'.repeat(10)}\r\n${last}`, 'Legal: sizes in capitals'],
  ['leading-zeros', `003\r\nabc\r\n000\r\n\r\n`, 'Legal: zeros before a size'],
  ['looks-like-the-end', `5\r\n${last}\r\n${last}`, 'Data that looks like the last chunk is data'],
  [
    'trailers',
    '3\r\nabc\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=b\r\n\r\n',
    'Legal: trailers that nobody asked for are left out',
  ],
]

const bodies: Readonly<Record<string, string>> = {
  'one-octet-each': 'x'.repeat(2_000),
  'upper-case': 'a'.repeat(10),
  'looks-like-the-end': last,
}

/** Chunked bodies, good, bad and cut. */
export const chunkShapes: readonly UpstreamShape[] = [
  ...badChunks.map(([id, chunks, reason]): UpstreamShape => ({
    id: `us-chunk-${id}`,
    class: 'A',
    reason,
    steps: [inChunks(chunks), fin],
    expect: aborted,
  })),
  ...cutChunks.map(([id, chunks]): UpstreamShape => ({
    id: `us-chunks-cut-${id}`,
    class: 'D',
    reason: 'A chunked body without its end is not complete, and a proxy must not complete it',
    steps: [inChunks(chunks), fin],
    expect: aborted,
  })),
  ...rightChunks.map(([id, chunks, reason]): UpstreamShape => ({
    id: `us-chunks-${id}`,
    class: 'A',
    reason,
    steps: [inChunks(chunks)],
    expect: `200 ${bodies[id] ?? 'abc'}`,
  })),
  {
    id: 'us-chunks-coding-in-capitals',
    class: 'A',
    reason: 'Legal: the name of a coding has no case',
    steps: [`${ok}Transfer-Encoding: CHUNKED\r\n\r\n3\r\nabc\r\n${last}`],
    expect: '200 abc',
  },
  {
    id: 'us-chunks-to-1.0',
    class: 'A',
    reason: 'Legal: chunks are taken off for a client that does not know them',
    ask: 'HTTP/1.0',
    steps: [inChunks(`3\r\nabc\r\n${last}`)],
    expect: '200 abc',
  },
  {
    id: 'us-chunks-trailer-is-no-head',
    class: 'B',
    reason: 'A trailer must never become a field of the next answer',
    steps: [inChunks(`3\r\nabc\r\n0\r\nX-${poison}: 1\r\nContent-Length: 60\r\n\r\n${stray}`)],
    expect: '200 abc',
  },
]
