import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { suite, test } from 'node:test'

import { ConnectionLimit } from './connection-limit.ts'

class Connection extends EventEmitter {
  readonly remoteAddress = '192.0.2.1'
  readonly localAddress = '192.0.2.2'
  readonly remotePort: number
  isOpen = true

  constructor(remotePort: number) {
    super()
    this.remotePort = remotePort
  }

  /** A socket says it later. */
  destroy(): void {
    this.isOpen = false
  }
}

function admit(limit: ConnectionLimit, ...ports: readonly number[]): Connection[] {
  const connections = ports.map((port) => new Connection(port))
  for (const connection of connections) limit.admit(connection)
  return connections
}

function openOf(connections: readonly Connection[]): number[] {
  return connections.filter(({ isOpen }) => isOpen).map(({ remotePort }) => remotePort)
}

suite('ConnectionLimit', () => {
  test('those beyond it take the places of the oldest, before these say that they are gone', () => {
    const limit = new ConnectionLimit(3)
    assert.deepEqual(openOf(admit(limit, 1, 2, 3, 4, 5)), [3, 4, 5])
  })

  test('a connection on which a request came is the youngest, whichever socket it is known by', () => {
    const limit = new ConnectionLimit(2)
    const first = admit(limit, 1, 2)
    limit.heard(new Connection(1))
    const next = admit(limit, 3)
    assert.deepEqual(openOf([...first, ...next]), [1, 3])
  })

  test('what has closed has no place, and gives up that of no other', () => {
    const limit = new ConnectionLimit(2)
    const [gone, ...rest] = admit(limit, 1, 2)
    gone?.emit('close')
    const again = admit(limit, 1)
    gone?.emit('close')
    limit.heard(new Connection(9))
    assert.deepEqual(openOf([...rest, ...again]), [2, 1])
    const [third] = admit(limit, 3)
    assert.deepEqual(openOf([...rest, ...again, ...(third === undefined ? [] : [third])]), [1, 3])
  })
})
