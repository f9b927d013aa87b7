import assert from 'node:assert/strict'

import type { RequestHead } from '../../src/http/index.ts'
import { playConnection } from '../support/played-connection.ts'
import type { Heard } from '../support/played-connection.ts'
import type { Campaign } from './campaign.ts'
import { requestPieces } from './dictionary.ts'
import { cutsOf } from './random.ts'
import type { Reading } from './read-messages.ts'
import { endOf, readRequests, requestCorpus, smallLimits } from './requests.ts'

const cr = 13

/** In the words of a reading. */
function endHeard({ said, end }: Heard): string {
  if (end === 'reset') return 'cut'
  const fault = / (\w+) id\n$/.exec(said)?.[1]
  return fault ?? (end === 'fin' ? 'closed' : 'more')
}

function checkAgainst({ messages, end }: Reading<RequestHead>, bytes: Buffer, heard: Heard): void {
  const last = messages.at(-1)
  // Blank lines between requests are the matter of the connection: what follows one is not in the reading.
  const isBlank = bytes[last?.end ?? 0] === cr && last?.complete !== false
  assert.deepEqual(
    isBlank ? heard.requests.slice(0, messages.length) : heard.requests,
    messages.map(({ head: { method, target, lines }, body, trailers, complete }) => {
      return { method, target, lines, body, trailers: complete ? trailers : undefined }
    }),
  )
  const isCut = last?.complete === false && end === 'BadRequest'
  if (!isBlank) assert.equal(endHeard(heard), isCut ? 'cut' : end)
}

async function check(input: string): Promise<string> {
  const bytes = Buffer.from(input, 'latin1')
  const given = { settings: { requestLimits: smallLimits } }
  const whole = await playConnection(bytes, [], given)
  assert.deepEqual(await playConnection(bytes, cutsOf(input, 6), given), whole)
  assert.deepEqual(await playConnection(bytes, [...bytes.keys()], given), whole)
  const reading = readRequests(bytes, [])
  checkAgainst(reading, bytes, whole)
  return endOf(reading)
}

/** What a connection of the program makes of octets is the same however they are cut, and is what a plain loop reads. */
export const connections: Campaign = {
  name: 'connections',
  corpus: requestCorpus,
  dictionary: requestPieces,
  check,
}
