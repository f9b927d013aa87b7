import { aborted, inChunks, ok, tooLate } from './upstream-shape.ts'
import type { UpstreamShape } from './upstream-shape.ts'

/** Upstreams that stop in the middle: each costs a whole `--upstream-timeout`. */
export const silentShapes: readonly UpstreamShape[] = [
  { id: 'us-silent', class: 'D', reason: 'No answer at all', steps: [], expect: tooLate },
  {
    id: 'us-silent-post',
    class: 'D',
    reason: 'No answer at all to what must not be sent twice',
    ask: 'POST',
    steps: [],
    expect: tooLate,
  },
  { id: 'us-silent-deaf', class: 'D', reason: 'Neither answers nor reads', steps: [{ act: 'deaf' }], expect: tooLate },
  { id: 'us-silent-in-line', class: 'D', reason: 'Half a status line', steps: ['HTTP/1.1 20'], expect: tooLate },
  { id: 'us-silent-in-head', class: 'D', reason: 'Half a head', steps: [`${ok}A: b\r\nC`], expect: tooLate },
  {
    id: 'us-silent-after-interim',
    class: 'D',
    reason: 'A hint is no answer',
    steps: ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'],
    expect: tooLate,
  },
  {
    id: 'us-silent-before-body',
    class: 'D',
    reason: 'A head whose body never comes',
    steps: [`${ok}Content-Length: 10\r\n\r\n`],
    expect: aborted,
  },
  {
    id: 'us-silent-in-body',
    class: 'D',
    reason: 'A body that stops',
    steps: [`${ok}Content-Length: 10\r\n\r\nabc`],
    expect: aborted,
  },
  {
    id: 'us-silent-until-close',
    class: 'D',
    reason: 'A body without a length that stops is not one that ended',
    steps: [`${ok}\r\nabc`],
    expect: aborted,
  },
  {
    id: 'us-silent-until-close-to-1.0',
    class: 'D',
    reason: 'The same to a client that knows no chunks',
    ask: 'HTTP/1.0',
    steps: [`${ok}\r\nabc`],
    expect: aborted,
  },
  { id: 'us-silent-in-size', class: 'D', reason: 'Half a chunk size', steps: [inChunks('1')], expect: aborted },
  { id: 'us-silent-in-chunk', class: 'D', reason: 'Half a chunk', steps: [inChunks('3\r\nab')], expect: aborted },
  {
    id: 'us-silent-before-last',
    class: 'D',
    reason: 'The last chunk never comes',
    steps: [inChunks('3\r\nabc\r\n')],
    expect: aborted,
  },
  {
    id: 'us-silent-in-trailers',
    class: 'D',
    reason: 'The end of the trailers never comes',
    steps: [inChunks('3\r\nabc\r\n0\r\nA: b\r\n')],
    expect: aborted,
  },
]
