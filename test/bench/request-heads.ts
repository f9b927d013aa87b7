/** A generator of its own, so that every run and every candidate sees the same heads (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Field lines after `Host`, in the order in which each browser sends them. */
const browsers: readonly (readonly [name: string, value: string])[][] = [
  [
    ['Connection', 'keep-alive'],
    ['sec-ch-ua-platform', '"Windows"'],
    [
      'User-Agent',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    ],
    ['sec-ch-ua', '"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"'],
    ['sec-ch-ua-mobile', '?0'],
    ['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
    ['Sec-Fetch-Site', 'same-origin'],
    ['Sec-Fetch-Mode', 'navigate'],
    ['Sec-Fetch-Dest', 'document'],
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
    ['Accept-Language', 'en-GB,en;q=0.9'],
  ],
  [
    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'],
    ['Accept', '*/*'],
    ['Accept-Language', 'de,en-US;q=0.7,en;q=0.3'],
    ['Accept-Encoding', 'gzip, deflate, br, zstd'],
    ['Connection', 'keep-alive'],
    ['Sec-Fetch-Dest', 'empty'],
    ['Sec-Fetch-Mode', 'cors'],
    ['Sec-Fetch-Site', 'same-origin'],
  ],
  [
    ['Accept', 'image/webp,image/avif,image/*;q=0.8,*/*;q=0.5'],
    ['Sec-Fetch-Site', 'same-origin'],
    ['Accept-Encoding', 'gzip, deflate'],
    ['Connection', 'keep-alive'],
    [
      'User-Agent',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    ],
    ['Accept-Language', 'fr-FR,fr;q=0.9'],
  ],
  [
    ['Accept', 'application/json'],
    ['Accept-Encoding', 'gzip'],
    ['User-Agent', 'shop-app/7.12 (Android 16)'],
    ['Connection', 'Keep-Alive'],
  ],
]

const places = ['/', '/api/', '/static/', '/shop/items/', '/account/orders/']

export interface HeadOptions {
  readonly hosts: readonly string[]
  readonly count: number
  /** Octets that the back end shall answer. */
  readonly size: number
  readonly method?: string
  /** Further lines, each with its CRLF. */
  readonly extra?: string
}

/** Request heads as browsers send them: no two alike, hosts drawn evenly. */
export function makeRequestHeads({ hosts, count, size, method = 'GET', extra = '' }: HeadOptions): string[] {
  const random = seededRandom(20_261)
  const below = (limit: number): number => Math.floor(random() * limit)
  const word = (): string => below(2 ** 32).toString(36)
  return Array.from({ length: count }, (_, at) => {
    const host = hosts[(at * 7_919) % hosts.length] ?? ''
    const fields = browsers[below(browsers.length)] ?? []
    const target = `${places[below(places.length)]}${size}/${word()}${below(3) === 0 ? `?q=${word()}&page=${below(50)}` : ''}`
    const referer = below(2) === 0 ? `Referer: https://${host}/${word()}\r\n` : ''
    const cookie = below(3) > 0 ? `Cookie: session=${word()}${word()}${word()}; theme=${below(9)}\r\n` : ''
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    return `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines}${referer}${cookie}${extra}\r\n`
  })
}
