import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** For tests that need two addresses of this machine. */
export const needsTwoAddresses: { readonly skip: string | false } = {
  skip: process.platform !== 'linux' && 'only Linux has all of 127.0.0.0/8 without being asked',
}

/** Two connections of one address and port of the peer, to one port at two addresses of ours. */
export async function connectTwice(t: TestContext, port: number): Promise<[Socket, Socket]> {
  const localAddress = '127.0.0.1'
  const open = async (host: string, localPort?: number): Promise<Socket> => {
    const socket = connect({ port, host, localAddress, ...(localPort !== undefined && { localPort }), noDelay: true })
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    return socket
  }
  const first = await open('127.0.0.1')
  return [first, await open('127.0.0.2', first.localPort)]
}
