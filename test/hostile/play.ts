import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

import { AnswerReader } from './answer-reader.ts'
import { head } from './hostile-case.ts'
import type { HostileCase } from './hostile-case.ts'

/** How the octets of a case are cut. */
export type Cut = 'whole' | 'octets' | 'CRs'

export const cuts: readonly Cut[] = ['whole', 'octets', 'CRs']

/** What a client saw of one play. */
export interface Played {
  readonly statuses: readonly number[]
  readonly interim: readonly number[]
  /** Whether anybody took the connection. */
  readonly connected: boolean
  /** Whether the connection ended before the client had waited in vain. */
  readonly ended: boolean
}

/** One more request, to see whether the connection is still in step. */
export const probePath = '/probe'
const probe = head(`GET ${probePath} HTTP/1.1`, 'Connection: close')

/** Long runs are sent octet by octet at both ends only. */
const longestEnd = 2_000

/**
 * Plays a case from an address of its own, by which the upstream's recordings are told apart. Waits for the answers
 * that the case has with us, then asks once more; `patience` ends a wait for what another target does not send.
 */
export async function play(
  one: HostileCase,
  cut: Cut,
  to: { port: number; from: string; patience: number },
): Promise<Played> {
  const socket = connect({
    port: to.port,
    host: '127.0.0.1',
    localAddress: to.from,
    noDelay: true,
    allowHalfOpen: true,
  })
  let connected = false
  socket.once('connect', () => (connected = true))
  const answers = new AnswerReader(socket, one.send.startsWith('HEAD '))
  await sendAll(socket, one.send, cut)
  const wanted = one.answers.length
  if (one.later !== undefined) {
    await answers.until((seen) => seen.statuses.length + seen.interim.length > 0, to.patience)
    await sendAll(socket, one.later, cut)
  }
  await answers.until(({ statuses }) => statuses.length >= wanted, to.patience)
  if (one.fin === true) socket.end()
  else if (!one.closes) await sendAll(socket, probe, 'whole')
  const ended = await answers.until(() => false, to.patience)
  socket.destroy()
  return { statuses: answers.statuses, interim: answers.interim, connected, ended }
}

async function sendAll(socket: Socket, text: string, cut: Cut): Promise<void> {
  for (const piece of piecesOf(text, cut)) {
    if (!socket.writable) return
    socket.write(piece, 'latin1')
    await turn()
  }
}

function piecesOf(text: string, cut: Cut): readonly string[] {
  if (cut === 'whole') return [text]
  if (cut === 'CRs') return text.split(/(?<=\r)/)
  if (text.length <= 2 * longestEnd) return text.split('')
  return [
    ...text.slice(0, longestEnd).split(''),
    text.slice(longestEnd, -longestEnd),
    ...text.slice(-longestEnd).split(''),
  ]
}
