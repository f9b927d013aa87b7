import type { SeenAnswer } from './upstream-answer.ts'
import { UpstreamClient } from './upstream-client.ts'
import type { Target } from './upstream-client.ts'
import { poison } from './upstream-shape.ts'
import type { Ask, UpstreamShape } from './upstream-shape.ts'
import { ownBody, shapePath } from './upstream-stage.ts'
import type { Pieces, UpstreamStage } from './upstream-stage.ts'

/** A proxy before a stage that is its only upstream. */
export interface Lane {
  readonly target: Target
  readonly stage: UpstreamStage
}

export interface Played {
  /** What the client saw, in the words of `UpstreamShape.expect`. */
  readonly outcome: string
  /** How often the request came to the upstream. */
  readonly deliveries: number
  /** What must not be, whatever the outcome: somebody got what was not theirs. */
  readonly dangers: readonly string[]
}

const websocket =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'

const requests: Readonly<Record<Ask, readonly [method: string, more?: { rest?: string; version?: string }]>> = {
  GET: ['GET'],
  HEAD: ['HEAD'],
  POST: ['POST', { rest: 'Content-Length: 3\r\n\r\nabc' }],
  'HTTP/1.0': ['GET', { version: 'HTTP/1.0' }],
  websocket: ['GET', { rest: websocket }],
  upload: ['POST', { rest: 'Content-Length: 1000\r\n\r\nabc' }],
  NTLM: ['GET', { rest: 'Authorization: NTLM TlRMTVNTUAABAAAA\r\n\r\n' }],
}

/**
 * Plays a shape for one client, and then asks truly: on the same connection if it is still there, and on another one.
 * Lanes may play at the same time; a lane plays one shape at a time.
 */
export async function playShape(shape: UpstreamShape, lane: Lane, pieces: Pieces): Promise<Played> {
  const clients: UpstreamClient[] = []
  const connect = async (): Promise<UpstreamClient> => {
    const client = await UpstreamClient.connect(lane.target)
    clients.push(client)
    return client
  }
  try {
    const played = await playFor(connect, shape, { ...lane, pieces })
    const seen = clients.filter(({ received }) => received.includes(poison)).map(({ received }) => `seen: ${received}`)
    return { ...played, dangers: [...played.dangers, ...seen] }
  } finally {
    for (const client of clients) client.close()
  }
}

/** The other client comes when its turn has come: it might have waited too long for some proxies otherwise. */
async function playFor(
  connect: () => Promise<UpstreamClient>,
  shape: UpstreamShape,
  lane: Lane & { readonly pieces: Pieces },
): Promise<Played> {
  const { stage, pieces } = lane
  const path = `${shapePath}${shape.id}`
  const dangers: string[] = []
  const client = await connect()
  stage.put(shape, pieces, client.heard)
  const [method, more] = requests[shape.ask ?? 'GET']
  const answer = await client.ask(method, path, more)
  await stage.playAfterwards()
  await settle(lane.target)
  if (client.open && answer.complete && answer.status !== 101) await probe(client, `${shape.id}/same`, dangers, answer)
  const next = await connect()
  for (const turn of ['next', 'again']) {
    const asked = await probe(next, `${shape.id}/${turn}`, dangers)
    if (shape.bound === true && stage.sharesPlayed(asked)) dangers.push(`${asked} came as the client before`)
  }
  return { outcome: outcomeOf(answer), deliveries: stage.deliveries(path), dangers }
}

/**
 * An answer of the proxy's own: by then it has seen all that the upstream sent before. Octets that cross the next request
 * on the wire cannot be told from its answer, by any proxy.
 */
async function settle(target: Target): Promise<void> {
  const client = await UpstreamClient.connect({ ...target, host: 'nobody.test' })
  await client.ask('GET', '/')
  client.close()
}

/** Anything but its own answer is a danger; so is any answer where the one before announced the close. Answers the path. */
async function probe(client: UpstreamClient, id: string, dangers: string[], before?: SeenAnswer): Promise<string> {
  const path = `/probe/${id}`
  const expected = before?.fields.get('connection') === 'close' ? 'aborted' : `200 ${ownBody(path)}`
  const seen = await client.ask('GET', path).then(outcomeOf, String)
  if (seen !== expected) dangers.push(`${path} got ${seen}`)
  return path
}

/** Answers of the proxy's own end with a request id, which differs each time. */
function outcomeOf({ status, fields, body, complete }: SeenAnswer): string {
  if (!complete) return 'aborted'
  const [, reason] = /^\d{3} (\w+) \S+\n$/.exec(body) ?? []
  return `${status} ${fields.get('content-type') === 'text/plain' ? (reason ?? body) : body}`
}
