import { readAuthority } from '../../src/http/index.ts'
import type { RequestHead } from '../../src/http/index.ts'
import type { Client } from '../../src/model/index.ts'

/** A request head as the scanner gives it for `GET target` with that Host; '-' stands for no Host at all. */
export function requestHead(host: string, target: string, more: Partial<RequestHead> = {}): RequestHead {
  const question = target.indexOf('?')
  return {
    method: 'GET',
    target,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? '' : target.slice(question),
    minor: host === '-' ? 0 : 1,
    authority: host === '-' ? undefined : readAuthority(host),
    lines: '',
    dropped: [],
    bodyLength: 0,
    lengthGiven: false,
    persistent: true,
    expectContinue: false,
    websocket: false,
    acceptsTrailers: false,
    requestId: undefined,
    forwarded: undefined,
    hops: 0,
    bindsConnection: false,
    ...more,
  }
}

export const plainClient: Client = { address: '192.0.2.7', scheme: 'http', sni: undefined, policy: undefined }
export const tlsClient: Client = { address: '192.0.2.7', scheme: 'https', sni: 'a.test', policy: 'default' }
