import { inFile } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const proxied = ['src/serve/proxied-exchange.test.ts', 'src/serve/upstream-connection.test.ts']

const retries = inFile('src/serve/proxied-exchange.ts', proxied, [
  ["'PUT', 'DELETE']", "'PUT', 'DELETE', 'POST']", 'a POST is sent again'],
  [' || this.#relay?.repeatable === false', '', 'a request is sent again without its body'],
  ["fault === 'reset' && !begun", "fault === 'reset'", 'a request is sent again though an answer had begun'],
  ["fault === 'reset' && !begun", '!begun', 'a request is sent again after a timeout'],
  ['if (this.#retried || ', 'if (', 'a request is sent again and again'],
  ['const youngIdle = 1_000', 'const youngIdle = 1_000_000', 'a POST takes a connection that may have been closed'],
  [
    'if (this.#status !== 0) return this.destroy()\n    if (fault',
    'if (fault',
    'an answer that is cut gets a second head',
  ],
])

const blankLines = inFile(
  'src/serve/blank-line.ts',
  ['src/serve/http1-connection.test.ts', 'test/hostile/single-octets.test.ts'],
  [
    ['this.#taken || bytes', 'bytes', 'any number of blank lines stands before a request'],
    ['if (end - start === 1) return start\n', '', 'a blank line that comes in halves is a bad request'],
  ],
)

const clients = inFile(
  'src/serve/http1-connection.ts',
  ['src/serve/http1-connection.test.ts', 'src/serve/http1-deadlines.test.ts', 'test/hostile/single-octets.test.ts'],
  [
    ['found === 0 ? end - start : 0', '0', 'octets of a head that comes bit by bit are looked at again'],
    ['if (this.#transport.full) return start', '', 'who reads nothing is answered without end'],
    ['if (body === undefined) return\n', '', 'a connection is idle without a deadline'],
    [
      'this.#transport.afterWrites(() => this.#goOn())',
      'queueMicrotask(() => this.#goOn())',
      'a thousand requests have one turn',
    ],
    [' && this.#isBodyAtHand()', '', 'an answer before the body promises another'],
    ['&&= framed && ', '&&= ', 'an answer that ends with the connection does not end it'],
    ['!this.#peerEnded || this.#held.length > 0', 'true', 'a client that has ended is kept'],
    ['!this.#peerEnded || this.#held.length > 0', '!this.#peerEnded', 'of requests before the end one is answered'],
    [
      'answerUnread(this.#transport, fault, this.#context)\n    this.#end()',
      'answerUnread(this.#transport, fault, this.#context)',
      'what follows a head that cannot be read is read',
    ],
    ['    answerUnread(this.#transport, fault, this.#context)\n', '', 'a head that cannot be read is not answered'],
    ["    exchange.cancel('BadRequest')\n", '', 'nobody hears that a body cannot be read'],
    ["return void this.#refuse('ClientTimeout', 0)", 'return this.#end()', 'a head that is late is not answered'],
    ['body.complete || !body.flowing', 'body.complete', 'a client whose body nobody takes is silent'],
    ['else this.#reading.arm(this.#context.settings.clientBodyTimeout)', '', 'a body has no deadline'],
    ["exchange?.cancel('ClientTimeout')", '', 'nobody hears that a body is late'],
  ],
)

const draining = inFile(
  'src/serve/http1-connection.ts',
  ['src/serve/listener.test.ts'],
  [['!this.#context.draining && ', '', 'a draining process keeps its connections']],
)

const fronts = inFile(
  'src/serve/trusted-proxies.ts',
  ['src/serve/trusted-proxies.test.ts'],
  [
    ['|| !this.has(peer.address)', '', 'anybody is believed about his address'],
    ['slice(-mostHops).toReversed()', 'slice(-mostHops)', 'the address that a client wrote itself is believed'],
    ['if (!this.has(address)) return address', '', 'what an untrusted proxy says is believed'],
    [
      'if (address === undefined) return last',
      'if (address === undefined) continue',
      'what stands left of no address is believed',
    ],
    [" || bare.includes('%')", '', 'a zone stands in an address'],
    ['forwarded.proto ?? peer.scheme', 'peer.scheme', 'a scheme is not believed'],
    ["isIPv6(address) ? 'ipv6' : 'ipv4')", "'ipv4')", 'no IPv6 peer is trusted'],
    ['? 128 : 32', '? 64 : 32', 'the neighbours of a trusted address are trusted'],
    ['? 128 : 32', '? 128 : 24', 'the neighbours of a trusted IPv4 address are trusted'],
  ],
)

const introducers = inFile(
  'src/serve/introductions.ts',
  ['src/serve/introductions.test.ts'],
  [
    ["if (!introducers.has(peerAddress(socket) ?? '')) return void socket.destroy()", '', 'anybody introduces'],
    [
      "if (header === 'invalid') return void socket.destroy()",
      "if (header === 'invalid') return",
      'a bad header is waited out',
    ],
    ['Buffer.concat([held, chunk])', 'chunk', 'a header comes in one piece or not at all'],
    ['    deadline.arm(settings.clientHeadTimeout)\n', '', 'a balancer that says nothing stays'],
    [".on('end', gone)\n", '\n', 'a balancer that ends before its header stays'],
    ["socket.once('close', () => this.#introduced.delete(key))", '', 'an introduction outlives its connection'],
  ],
)

const introductions = inFile(
  'src/serve/proxy-protocol.ts',
  ['src/serve/proxy-protocol.test.ts'],
  [
    [' && ports.every((port) => Number(port) <= highestPort)', '', 'ports beyond the highest are taken'],
    [" && !text.includes('%')", '', 'a zone stands in an introduction'],
    [' && isAddress(target)', '', 'the address of the target may be anything'],
    ["family === 'TCP4' ? isIPv4 : isGlobalIPv6", 'isGlobalIPv6', 'no client of IPv4 is introduced'],
    [' || length > longestV2', '', 'a header of 64 KiB is held'],
    ["if (bytes.length < length) return 'more'", '', 'half a header is read'],
    [
      'if (command === local) return { address: undefined, length }\n',
      '',
      'a balancer speaks for another when it speaks for itself',
    ],
    ['(size === 0 ? 0 : 4)', '0', 'a header without ports is taken'],
    ['bytes.length < longestV1 && ', '', 'a line without an end is held'],
    ['v2Prefix + bytes.readUInt16BE(14)', 'bytes.readUInt16BE(14)', 'the end of a header is read as a request'],
  ],
)

const connections = inFile(
  'src/serve/upstream-connection.ts',
  [...proxied, 'src/serve/proxied-tunnel.test.ts', 'src/serve/read-turns.test.ts'],
  [
    [' && !this.#reader.isLate', '', 'octets that wait are taken for the next answer'],
    [
      "if (this.#phase === 'ended' && at < end) this.#reusable = false",
      '',
      'octets after an answer answer the next request',
    ],
    ['this.#reusable &&= persistent && ', 'this.#reusable &&= ', 'a connection is used again after close'],
    ['if (!head.websocket) return false', '', 'a 101 to any protocol is taken'],
    ['++this.#interims > mostInterim || ', '', 'interim answers without end are read'],
    [' || this.#interimSize > this.#context.settings.upstreamHead', '', 'a megabyte of interim answers is read'],
    ['this.#interims = this.#interimSize = 0', 'this.#interims = 0', 'interim answers of all requests add up'],
    [
      'if (this.#body.faulty) return this.#failTaking(end)',
      "if (this.#body.faulty) this.#phase = 'ended'",
      'a broken chunk ends a body',
    ],
    [' && this.#body.endsByClose', '', 'a body that is cut short is whole'],
    ['this.#reusable = !bindsConnection', 'this.#reusable = true', 'one client speaks as another by NTLM'],
    [
      'if (this.#requestSent && this.#writer.idle) this.#release()\n    else this.#socket.destroy()',
      'this.#release()',
      'a connection is used again with half a request on it',
    ],
    ['this.#requestSent && this.#writer.idle', 'this.#requestSent', 'the end of a request stands before the next one'],
    ['this.#reusable &&= head.persistent', '', 'close in an interim answer is not heard'],
  ],
)

const pools = inFile(
  'src/serve/upstream-pools.ts',
  ['src/serve/upstream-pools.test.ts', ...proxied],
  [
    ['if (last.isFresh(longestIdle)) return last', 'return last', 'a connection is taken however old'],
    [
      "join('upstream', this)",
      "join('upstream', { open: 0, waiting: () => [] })",
      'idle connections use descriptors up',
    ],
    ['if (connection.idleSince > since) break', '', 'a flood of clients has each request connect'],
  ],
)

const queue = inFile(
  'src/serve/connect-queue.ts',
  ['src/serve/connect-queue.test.ts', 'src/serve/upstream-pools.test.ts'],
  [
    ['if (this.#openedInTurn === mostInTurn) return', '', 'all who waited are connected in one turn'],
    ['if (this.#openedInTurn < mostInTurn) this', 'if (true) this', 'a burst of requests is connected in one turn'],
    ['return () => this.#leave(endpoint, open)', 'return () => undefined', 'who gave up is connected'],
    [
      'this.#openFirst(endpoint, line)\n',
      'while (line.size > 0 && this.#openedInTurn < mostInTurn) this.#openFirst(endpoint, line)\n',
      'a burst to one endpoint holds up the others',
    ],
  ],
)

const descriptors = inFile(
  'src/serve/descriptor-budget.ts',
  ['src/serve/descriptor-budget.test.ts'],
  [
    [
      '...inTurn(upstream), ...inTurn(client)]',
      '...inTurn(client), ...inTurn(upstream)]',
      'clients make room for connections that nobody needs',
    ],
  ],
)

const budget = inFile(
  'src/serve/retry-budget.ts',
  ['src/serve/retry-budget.test.ts', ...proxied],
  [
    ['const share = 0.2', 'const share = 2', 'retries may double an overload'],
    ['const least = 3', 'const least = 0', 'a quiet proxy never tries again'],
    ['if (retried) this.#retrying--', '', 'the budget is used up for ever'],
    ['this.#retrying >= Math.max', 'this.#retrying > Math.max', 'one retry too many'],
  ],
)

const relay = inFile(
  'src/serve/request-relay.ts',
  ['src/serve/request-relay.test.ts', ...proxied],
  [
    ['this.#size > this.#limit', 'this.#size > 2 * this.#limit', 'a body beyond its limit goes on'],
    ['this.#ended && this.#held !== undefined', 'this.#held !== undefined', 'half a body is sent again'],
    ['if (this.#size > mostReplay) this.#held = undefined\n    else ', '', 'bodies of any size are held'],
  ],
)

const log = inFile(
  'src/serve/access-log.ts',
  ['src/serve/access-log.test.ts', 'test/fuzz/campaigns.test.ts'],
  [
    ['/[^ -~]/g', '/[^ -\\x7f]/g', 'DEL stands in a log line'],
    ['count > 0 && length + line.length > wholeWrite', 'length > wholeWrite', 'lines of two workers mix'],
  ],
)

const buffers = inFile(
  'src/serve/read-buffers.ts',
  ['src/serve/socket-reader.test.ts'],
  [['if (this.#made >= mostOwn) return this.shared', '', 'there is no end of buffers']],
)

const readers = inFile(
  'src/serve/socket-reader.ts',
  ['src/serve/socket-reader.test.ts', 'src/serve/read-turns.test.ts'],
  [
    ['length < large ? this.#handOn(this', 'length < 0 ? this.#handOn(this', 'a whole buffer waits for a few octets'],
    ['const own = more && ', 'const own = ', 'buffers are kept for those who are made to wait'],
    [
      'if (this.isLate) this.#append(length)',
      'if (length < 0) this.#append(length)',
      'octets overtake those that wait',
    ],
    [
      'isOwn ? current : this.#buffers.copyOf',
      'length > 0 ? current : this.#buffers.copyOf',
      'octets that wait are written over',
    ],
    [
      '    this.#current = this.#buffers.shared\n  }\n\n  #append',
      '  }\n\n  #append',
      'octets that wait in a buffer of its own are written over',
    ],
    ['while (this.#wanted && this.isLate', 'while (this.isLate', 'who wants nothing is given some'],
    [' && this.#socket?.destroyed !== true', '', 'octets come after the end'],
    ['if (this.#wanted && !this.isLate) this.#socket?.resume()', '', 'who has waited is forgotten'],
    ['while (this.isLate) this.#handOnLate()', '', 'the end overtakes octets that wait'],
  ],
)

const turns = inFile(
  'src/serve/read-turns.ts',
  ['src/serve/read-turns.test.ts'],
  [
    ['if (octets < large) return false', '', 'heads wait for those who send much'],
    ['else if (now >= this.#end || this', 'else if (this', 'a turn has no end'],
    [' || this.#isOvertaking(taker)', '', 'who comes overtakes those who wait'],
    ['else if (this.#now() >= this.#end) return', '', 'those who wait have more than their share'],
    ['calls < calledInTurn', 'calls < 2', 'few of those who wait are called'],
    [
      'if (this.#end === undefined) this.#begin(this.#now())\n    else',
      'if (this.#end === 0) return\n    else',
      'who waits is forgotten',
    ],
  ],
)

const writers = inFile(
  'src/serve/socket-writer.ts',
  ['src/serve/socket-writer.test.ts'],
  [
    [' || this.#isStreaming()', '', 'text leaves before octets that were written first'],
    ['|| this.#socket.writableCorked > 0', '', 'text leaves before what is corked'],
    ['!more || this.#waiting > 0', '!more', 'a peer that takes nothing seems to keep up'],
    ['if (this.#waiting > 0 || ', 'if (', 'a peer seems to take again while text waits'],
    ['Buffer.copyBytesFrom(octets)', 'octets', 'octets that were borrowed are sent as they are later'],
  ],
)

const exchanges = inFile(
  'src/serve/http1-exchange.ts',
  ['test/contracts/exchange.test.ts'],
  [['!this.body.poured &&', '!this.body.flowing &&', 'an upload that waits is thrown away when the answer begins']],
)

const tunnels = inFile(
  'src/serve/tunnel.ts',
  ['src/serve/tunnel.test.ts'],
  [
    ['if (ended < 2) to.destroy()', 'to.destroy()', 'the last octets of a tunnel are lost'],
    ['if (ended < 2) to.destroy()', '', 'half a tunnel stays'],
  ],
)

const stalls = inFile(
  'src/serve/stall-deadline.ts',
  ['src/serve/http1-deadlines.test.ts', 'src/serve/upstream-deadlines.test.ts'],
  [
    ['if (this.#unsent() !== this.#left) return this.arm()', '', 'a peer that is slow is cut'],
    ['if (rest <= 0) this.#stalled()\n    else ', '', 'a peer that takes nothing stays'],
  ],
)

export const serveMutants: readonly Mutant[] = [
  ...retries,
  ...blankLines,
  ...clients,
  ...draining,
  ...fronts,
  ...introducers,
  ...introductions,
  ...connections,
  ...pools,
  ...queue,
  ...descriptors,
  ...budget,
  ...relay,
  ...log,
  ...buffers,
  ...readers,
  ...turns,
  ...writers,
  ...exchanges,
  ...stalls,
  ...tunnels,
]
