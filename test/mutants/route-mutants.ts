import { inFile } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const fuzz = ['test/fuzz/route.test.ts', 'test/fuzz/campaigns.test.ts']

const readings = inFile(
  'src/route/path-readings.ts',
  ['src/route/path-readings.test.ts', 'src/route/router.test.ts', ...fuzz],
  [
    ['|| char === 0x5c ', '', 'a backslash is not read as a slash'],
    [' || char === 0x3b)', ')', 'parameters are not cut'],
    [' || next === 0x2e)', ')', 'dot segments are not removed'],
    ['next === 0x2f || ', '', 'double slashes are not merged'],
    ['control.test(reading) || ', '', 'a decoded NUL is routed'],
    [' || seen.size > mostReadings', '', 'readings without end are made'],
    [' || chars > mostChars', '', 'long readings are read for tens of milliseconds'],
    ["path.replace(queryOrFragment, '')", 'path', 'an encoded ? hides a path from its guard'],
    [
      'for (const step of steps) seen.add(step(reading))',
      'if (reading === path) for (const step of steps) seen.add(step(reading))',
      'a path is decoded once',
    ],
    ["(path) => path.replaceAll('\\\\', '/'),", '', 'a backslash stays one in all readings'],
    ["(path) => (path.includes(';') ? path.replaceAll(params, '') : path),", '', 'parameters stay in all readings'],
    [
      "if (last && (segment === '.' || segment === '..')) kept.push('')",
      '',
      'a path that ends in a dot segment loses its slash',
    ],
    ['readings.add(normalPath(reading))', 'readings.add(reading)', 'readings are not in normal form'],
  ],
)

const normalForm = inFile(
  'src/route/normal-path.ts',
  ['src/route/normal-path.test.ts', ...fuzz],
  [
    ['? char : code.toUpperCase()', '? char : code', 'codes differ by case'],
    ['unreserved.test(char) ? char : ', '', 'a code of a letter is not the letter'],
    [".padStart(2, '0')", '', 'a code has one digit'],
  ],
)

const precedence = inFile(
  'src/route/precedence.ts',
  ['src/route/precedence.test.ts', 'src/route/router.test.ts', ...fuzz],
  [
    ['asked.startsWith(`${key}/`)', 'asked.startsWith(key)', '/foo covers /foobar'],
    ["a.match.kind === 'exact' ? -1 : 1", "a.match.kind === 'exact' ? 1 : -1", 'prefix comes before exact'],
    [
      'b.match.path.length - a.match.path.length',
      'a.match.path.length - b.match.path.length',
      'the shorter text comes first',
    ],
  ],
)

const router = inFile(
  'src/route/router.ts',
  ['src/route/router.test.ts', ...fuzz],
  [
    ['if (endOf(decision) !== endOf(first)) return ambiguous', '', 'the first reading wins'],
    ['request.hops > mostHops', 'request.hops > mostHops + 1', 'a loop goes round once more'],
    ['firstLabel.test(name) && !addressLike.test(name)', 'firstLabel.test(name)', 'an address is below a wildcard'],
    ["(index === undefined || index.table.host === '')", 'true', 'a host falls through to the rules of others'],
    [
      'for (const [host] of changedEntries(this.table.hosts, next.hosts)) indexes.delete(host)',
      '',
      'a host keeps rules that it had',
    ],
    ['    this.#indexes = new Map()\n', '', 'a router answers by the table of its successor'],
    [
      'length = lastSlash(path, longestPrefix)',
      'length = lastSlash(path, longestPrefix - 1)',
      'the longest prefix is not found below it',
    ],
    ['return same ?? findPrefix', 'return findPrefix', 'exact rules are not asked'],
    ['if (!map.has(key)) map.set(key, route)', 'map.set(key, route)', 'of equal rules the last wins'],
    [
      'index?.table.mergeSlashes === true ? mergeSlashes(path) : path\n    if (isPlain(read)) return this.#lookUp',
      'path\n    if (isPlain(read)) return this.#lookUp',
      'hosts that merge slashes do not',
    ],
    [
      'if (readings === undefined) return badRequest',
      'if (readings === undefined) return this.#lookUp(host, normalPath(read))',
      'a path that nobody can read is routed',
    ],
  ],
)

const upstreamHead = inFile(
  'src/route/upstream-head.ts',
  ['src/route/upstream-head.test.ts', 'test/fuzz/campaigns.test.ts'],
  [
    ['${hops + 1}', '${hops}', 'hops are not counted'],
    ['bodyLength > 0 || lengthGiven', 'bodyLength > 0', 'a length of 0 is not said'],
    [
      "if (bodyLength === chunked) return 'Transfer-Encoding: chunked\\r\\n'",
      '',
      'a chunked body goes on without framing',
    ],
    ['X-Forwarded-For: ${address}', 'X-Forwarded-For: ${scheme}', 'another client is named'],
    ["host = authority?.text ?? ''", "host = authority?.name ?? ''", 'Host is not as the client wrote it'],
    ['${beforeHost}${host}${afterHost}', '${beforeHost}${afterHost}', 'the host is not told'],
  ],
)

export const routeMutants: readonly Mutant[] = [...readings, ...normalForm, ...precedence, ...router, ...upstreamHead]
