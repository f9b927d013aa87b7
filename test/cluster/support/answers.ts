import type { Cluster } from './cluster.ts'
import { untilTrue } from './until.ts'

/** When an API server that was away is back, by the monotonic clock. */
export interface Back {
  /** It had answered a list and a watch. */
  readonly at: number
  /** The last attempt began that failed; `-Infinity`: none did. */
  readonly awayUntil: number
}

/** A server that is just starting may leave a question unanswered for ever. */
const patience = 2_000
const fromTheBeginning = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true }

/** Asks again and again, as Lintel's user and beside it, for what a reflector asks for. */
export async function untilAnswered(cluster: Cluster): Promise<Back> {
  let awayUntil = -Infinity
  await untilTrue('a list and a watch are answered', async () => {
    const begun = performance.now()
    const answered = await isAnswered(cluster)
    if (!answered) awayUntil = begun
    return answered
  })
  return { at: performance.now(), awayUntil }
}

async function isAnswered(cluster: Cluster): Promise<boolean> {
  const client = cluster.clientOf('lintel-token')
  const limit = setTimeout(() => client.close(), patience)
  try {
    await client.list({ kind: 'Ingress' })
    const events = client.watch({ kind: 'Ingress' }, fromTheBeginning, AbortSignal.timeout(patience))
    for await (const { type } of events) return type !== 'ERROR'
    return false
  } catch {
    return false
  } finally {
    clearTimeout(limit)
    client.close()
  }
}
