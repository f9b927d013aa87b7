import type { Socket } from 'node:net'

const statusLine = /^HTTP\/1\.[01] (\d{3})/

/** Reads the answers that come to a client, as loosely as clients do: only how many there are, and which. */
export class AnswerReader {
  readonly statuses: number[] = []
  readonly interim: number[] = []
  #held = ''
  #over = false
  #toHead: boolean
  #changed: () => void = () => undefined

  /** `toHead`: the first request was HEAD. */
  constructor(socket: Socket, toHead: boolean) {
    this.#toHead = toHead
    socket.setEncoding('latin1').on('data', (text: string) => this.#take(text))
    const end = (): void => {
      this.#over = true
      this.#changed()
    }
    socket.on('end', end).on('error', end).on('close', end)
  }

  /** Resolves when `enough`, or when the peer has ended, which it tells; or with false after `patience` ms. */
  until(enough: (seen: AnswerReader) => boolean, patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer)
        this.#changed = () => undefined
        resolve(this.#over)
      }
      const timer = setTimeout(settle, patience)
      this.#changed = () => {
        if (this.#over || enough(this)) settle()
      }
      this.#changed()
    })
  }

  #take(text: string): void {
    this.#held += text
    while (this.#takeOne());
    this.#changed()
  }

  #takeOne(): boolean {
    const end = this.#held.indexOf('\r\n\r\n')
    const status = Number(statusLine.exec(this.#held)?.[1])
    if (end < 0 || Number.isNaN(status)) return false
    const head = this.#held.slice(0, end + 2).toLowerCase()
    const final = status === 101 || status >= 200
    const body =
      !final || status === 101 || (this.#toHead && this.statuses.length === 0) ? 0 : this.#bodyLength(head, end + 4)
    if (body === undefined || this.#held.length < end + 4 + body) return false
    this.#held = this.#held.slice(end + 4 + body)
    ;(final ? this.statuses : this.interim).push(status)
    return status !== 101
  }

  #bodyLength(head: string, from: number): number | undefined {
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1]
    if (length !== undefined) return Number(length)
    const last = this.#held.indexOf('0\r\n\r\n', from)
    if (head.includes('\r\ntransfer-encoding:')) return last < 0 ? undefined : last + 5 - from
    return this.#held.length - from
  }
}
