import type { IncomingMessage } from 'node:http'

const loopback = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/

/**
 * Whether a request comes from this machine, and was meant for it: a page in a browser here can be made to ask by a name that
 * leads to this address, but then it is that name which stands in Host.
 */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const name = (headers.host ?? '').replace(/:\d+$/, '')
  const here = name === 'localhost' || loopback.test(name.replace(/^\[(.*)\]$/, '$1'))
  return loopback.test(socket.remoteAddress ?? '') && here
}
