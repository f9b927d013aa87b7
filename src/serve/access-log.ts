import type { AccessEntry, AccessLog } from '../model/index.ts'

/** Writes to pipes are whole up to this size (POSIX PIPE_BUF on Linux), so lines of several processes never mix. */
const wholeWrite = 4096
const mostWaiting = 4 * 1024 * 1024

export type LogFormat = 'text' | 'json' | 'off'

/** Puts text where the log goes; `done` when it has been taken. */
export type LogSink = (text: string, done: () => void) => void

/** Lines wait in memory and leave in whole pieces, one after another. What cannot wait is dropped and counted: a slow reader never slows traffic. */
export class AccessLogWriter {
  readonly #format: (entry: AccessEntry, wall: number) => string
  readonly #sink: LogSink
  readonly #wall: () => number
  #waiting: string[] = []
  #octets = 0
  #held = true
  #writing = false
  #idle: (() => void)[] = []
  dropped = 0

  constructor(format: Exclude<LogFormat, 'off'>, sink: LogSink, wall: () => number) {
    this.#format = format === 'json' ? printJson : printText
    this.#sink = sink
    this.#wall = wall
  }

  readonly log: AccessLog = (entry) => {
    const line = this.#format(entry, this.#wall())
    if (this.#octets + line.length > mostWaiting) {
      this.dropped++
      return
    }
    this.#waiting.push(line)
    this.#octets += line.length
    if (this.#waiting.length === 1) setImmediate(() => this.#write())
  }

  /** From now on lines may be written: what has to come before them has been. */
  release(): void {
    this.#held = false
    this.#write()
  }

  /** Resolves when all lines have been written. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.release()
    })
  }

  #write(): void {
    if (this.#held || this.#writing) return
    if (this.#waiting.length === 0) {
      for (const resolve of this.#idle.splice(0)) resolve()
      return
    }
    this.#writing = true
    this.#sink(this.#takePiece(), () => {
      this.#writing = false
      this.#write()
    })
  }

  #takePiece(): string {
    let length = 0
    let count = 0
    for (const line of this.#waiting) {
      if (count > 0 && length + line.length > wholeWrite) break
      length += line.length
      count++
    }
    this.#octets -= length
    return this.#waiting.splice(0, count).join('')
  }
}

/** Text from clients is latin1 and may hold anything that is visible: JSON escapes what it has to, the rest is made ASCII. */
function printJson(entry: AccessEntry, wall: number): string {
  const { status, reason, method, host, path, service, endpoint, bytes, ms, requestId } = entry
  const line = {
    event: 'request',
    time: new Date(wall).toISOString(),
    status,
    reason,
    method,
    host,
    path,
    service,
    endpoint,
    bytes,
    ms: round(ms),
    requestId,
  }
  return `${toAscii(JSON.stringify(line))}\n`
}

function printText(entry: AccessEntry, wall: number): string {
  const { status, reason, method, host, path, service, endpoint, bytes, ms, requestId } = entry
  const target = reason ?? `${service} ${endpoint}`
  return `${toAscii(`${new Date(wall).toISOString()} ${status} ${method} ${host}${path} ${target} ${bytes}B ${round(ms)}ms ${requestId}`)}\n`
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000
}

function toAscii(text: string): string {
  return text.replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
