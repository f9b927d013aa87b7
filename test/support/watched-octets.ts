import assert from 'node:assert/strict'

/** Octets that note how far they are looked at, one by one or as text. */
class WatchedOctets {
  readonly bytes: Buffer
  furthest = -1

  constructor(octets: Buffer) {
    const note = (at: number): void => void (this.furthest = Math.max(this.furthest, at))
    this.bytes = new Proxy(octets, {
      get: (target, key): unknown => {
        if (key === 'toString')
          return (encoding: BufferEncoding, start: number, end: number) => {
            note(end - 1)
            return target.toString(encoding, start, end)
          }
        if (typeof key === 'string' && /^\d+$/.test(key)) note(Number(key))
        return Reflect.get(target, key)
      },
      set: (target, key, value) => Reflect.set(target, key, value),
    })
  }
}

/** What an earlier read may have left behind: octets of every class, more than a scan has to look at. */
const leftovers: readonly string[] = ['a', '1', ' ', '\t', ':', '/', '\r', '\n', '\xff'].map((octet) =>
  octet.repeat(64),
)

/** Wherever a head is cut, a scanner refuses it, sees nothing of what stands behind the cut, and leaves it as it was. */
export function assertStaysWithin(head: string, scan: (bytes: Buffer, end: number) => number): void {
  for (let end = 0; end < head.length; end++)
    for (const leftover of leftovers) {
      const text = head.slice(0, end) + leftover
      const octets = Buffer.from(text, 'latin1')
      const watched = new WatchedOctets(octets)
      assert.equal(scan(watched.bytes, end), -1, text)
      assert.ok(
        watched.furthest <= end,
        `${end} octets were there, and number ${watched.furthest} was looked at: ${text}`,
      )
      assert.equal(octets.toString('latin1'), text)
    }
}
