import { isIP } from 'node:net'

import { isRange } from '../base/index.ts'
import { readStandIn } from '../source/index.ts'
import { readDuration } from './duration.ts'
import type { Given } from './flags.ts'
import { UsageError } from './usage-error.ts'

const highestPort = 65_535

/** Reads the texts of flags as what they mean; throws a UsageError that names the flag. */
export class FlagValues {
  readonly #given: Given

  constructor(given: Given) {
    this.#given = given
  }

  all(name: string): readonly string[] {
    return this.#given.values.get(name) ?? []
  }

  text(name: string): string | undefined {
    return this.all(name)[0]
  }

  on(name: string): boolean {
    return this.text(name) === 'true'
  }

  port(name: string): number | undefined {
    return this.#number(name, 0, highestPort)
  }

  count(name: string): number | undefined {
    return this.#number(name, 1, 256)
  }

  milliseconds(name: string): number | undefined {
    const text = this.text(name)
    const ms = text === undefined ? undefined : readDuration(text)
    if (text !== undefined && ms === undefined)
      throw new UsageError(`--${name} ${text}: a duration wanted, such as 1m30s or 500ms`)
    return ms
  }

  word<T extends string>(name: string, words: readonly [T, ...T[]]): T {
    const text = this.text(name)
    const found = words.find((word) => word === (text ?? words[0]))
    if (found === undefined) throw new UsageError(`--${name} ${text}: ${words.join(', ')} wanted`)
    return found
  }

  address(name: string): string | undefined {
    const text = this.text(name)
    if (text === 'localhost') return '127.0.0.1'
    if (text !== undefined && isIP(text) === 0) throw new UsageError(`--${name} ${text}: an IP address wanted`)
    return text
  }

  /** `--backend`, checked here so that a mistake ends the command at once. */
  get backends(): readonly string[] {
    const texts = this.all('backend')
    for (const text of texts) {
      if (readStandIn(text) === undefined)
        throw new UsageError(`--backend ${text}: SERVICE:PORT=HOST:PORT wanted, such as api-svc:8080=127.0.0.1:3000`)
    }
    return texts
  }

  get trustedProxies(): readonly string[] {
    const ranges = this.all('trusted-proxies').flatMap((text) => text.split(','))
    const wrong = ranges.find((range) => !isRange(range))
    if (wrong !== undefined) throw new UsageError(`--trusted-proxies ${wrong}: a range wanted, such as 10.0.0.0/8`)
    return ranges
  }

  /** Whoever may not be believed is closed unanswered, so without trusted proxies nobody could be served. */
  get proxyProtocol(): readonly ('http' | 'https')[] {
    if (this.text('proxy-protocol') === undefined) return []
    const ports = this.word('proxy-protocol', ['both', 'http', 'https'])
    if (this.trustedProxies.length === 0)
      throw new UsageError('--proxy-protocol needs --trusted-proxies CIDR: the balancers that may introduce clients')
    return ports === 'both' ? ['http', 'https'] : [ports]
  }

  namespacedName(name: string): string | undefined {
    const text = this.text(name)
    if (text !== undefined && !/^[^/]+\/[^/]+$/.test(text))
      throw new UsageError(`--${name} ${text}: NAMESPACE/NAME wanted`)
    return text
  }

  #number(name: string, least: number, most: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(number >= least && number <= most))
      throw new UsageError(`--${name} ${text}: a number from ${least} to ${most} wanted`)
    return number
  }
}
