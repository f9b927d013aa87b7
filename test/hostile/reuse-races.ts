import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

import type { Course, Findings } from '../failure/exercises/findings.ts'
import { Random } from '../fuzz/random.ts'
import { startLintel } from '../support/lintel.ts'
import { bodyOf, startLoadUpstream } from '../support/load-upstream.ts'
import { printIngress } from '../support/manifests.ts'
import type { SeenAnswer } from './upstream-answer.ts'
import { UpstreamClient } from './upstream-client.ts'
import type { Target } from './upstream-client.ts'

/** As many as may be asked once more at the same time, so that the budget refuses none of them. */
const lanes = 3
const requestsInRound = 200
/** Of its loop: up to so many after an answer the upstream closes, and up to so many after it the client asks again. */
const mostTurns = 60
/** One of so many closes comes with the next request, whenever that is. */
const rarity = 8
/** Ends a hang; nothing is measured by it. */
const patience = 30_000
const closed = '502 UpstreamResetBeforeHead'

/**
 * An upstream that closes each connection at some moment around its next use. What may be repeated has to succeed, and
 * nothing else is delivered twice: the peer may have acted on what it never answered.
 */
export async function raceReuse({ after, goesOn }: Course, seed: number): Promise<Findings> {
  const random = new Random(seed)
  const hasty = new HastyPeer(random)
  const upstream = await startLoadUpstream({
    before: ({ socket }, response) => {
      response.on('finish', () => void hasty.answered(socket))
      return hasty.leaves(socket)
    },
  })
  after(() => upstream.close())
  const backend = `hasty:80=127.0.0.1:${upstream.port}`
  const manifest = printIngress('hasty', [{ host: 'hasty.test', service: 'hasty' }])
  const lintel = await startLintel(['--workers', '1', '--backend', backend, '-'], manifest)
  after(() => lintel.stop('SIGKILL'))
  const target = { port: lintel.httpPort, host: 'hasty.test', patience }
  const faults: string[] = []
  let told = 0
  for (let round = 0; goesOn(round); round++) {
    const played = await Promise.all(
      Array.from({ length: lanes }, (_, lane) => new Lane(target, random).play(`/${round}/${lane}`)),
    )
    faults.push(...played.flat().filter((fault) => fault !== closed))
    told += played.flat().filter((fault) => fault === closed).length
  }
  const requests = upstream.deliveries.size
  for (const [key, times] of upstream.deliveries)
    if (times > (key.startsWith('GET ') ? 2 : 1)) faults.push(`${key} was delivered ${times} times`)
  if (hasty.missed === 0) faults.push('no request met a connection that was about to be closed')
  return {
    figures: [
      { name: `requests, seed ${seed}`, value: requests, unit: '' },
      { name: 'that came to a connection as it was closed', value: hasty.missed, unit: '' },
      { name: 'POST that were told so', value: told, unit: '' },
    ],
    faults,
  }
}

/** Closes connections when it pleases. */
class HastyPeer {
  readonly #random: Random
  readonly #used = new WeakSet<Socket>()
  /** Requests that it did not answer. */
  missed = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** Whether it goes without an answer; a connection that is new gets one. */
  leaves(socket: Socket): boolean {
    const isFirst = !this.#used.has(socket)
    this.#used.add(socket)
    const leaves = socket.writableEnded || (!isFirst && this.#random.below(rarity) === 0)
    if (!leaves) return false
    this.missed++
    this.#close(socket)
    return true
  }

  async answered(socket: Socket): Promise<void> {
    await turns(this.#random.below(mostTurns))
    this.#close(socket)
  }

  #close(socket: Socket): void {
    // A socket that is being shut down cannot be reset: Node would leave its descriptor open.
    if (socket.writableEnded) socket.destroy()
    else if (this.#random.below(2) === 0) socket.end()
    else socket.resetAndDestroy()
  }
}

async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await turn()
}

/** A client that asks one thing after another on one connection. */
class Lane {
  readonly #target: Target
  readonly #random: Random
  #client: UpstreamClient | undefined

  constructor(target: Target, random: Random) {
    this.#target = target
    this.#random = random
  }

  /** What was not answered as it should be. */
  async play(prefix: string): Promise<string[]> {
    const faults: string[] = []
    for (let at = 0; at < requestsInRound; at++) {
      const isPost = this.#random.below(3) === 0
      const path = `${prefix}/${at}`
      const { status, body } = await this.#ask(isPost, path)
      if (isPost && body.startsWith(closed)) faults.push(closed)
      else if (status !== 200 || body !== bodyOf(path))
        faults.push(`${isPost ? 'POST' : 'GET'} ${path} got ${status} ${body}`)
      await turns(this.#random.below(mostTurns))
    }
    this.#leave()
    return faults
  }

  async #ask(isPost: boolean, path: string): Promise<SeenAnswer> {
    if (this.#client?.open !== true) this.#client = await UpstreamClient.connect(this.#target)
    const answer = isPost
      ? await this.#client.ask('POST', path, { rest: 'Content-Length: 3\r\n\r\nabc' })
      : await this.#client.ask('GET', path)
    if (answer.fields.get('connection') === 'close') this.#leave()
    return answer
  }

  #leave(): void {
    this.#client?.close()
    this.#client = undefined
  }
}
