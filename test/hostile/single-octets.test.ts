import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { playConnection } from '../support/played-connection.ts'
import { families } from './cases/index.ts'

/**
 * On a busy machine octets that were sent one by one may arrive together. Here they cannot: what a connection makes of
 * octets does not depend on how they are cut, whatever they are.
 */
suite('hostile requests, each octet by itself', () => {
  for (const { name, cases } of families)
    test(name, async () => {
      for (const { id, send, later = '', fin = false } of cases) {
        const octets = Buffer.from(send + later, 'latin1')
        const whole = await playConnection(octets, [], { fin })
        const places = [...octets.keys()]
        assert.deepEqual(await playConnection(octets, places, { fin }), whole, `${id}, octets`)
        const crs = places.filter((at) => octets[at - 1] === 13)
        assert.deepEqual(await playConnection(octets, crs, { fin }), whole, `${id}, CRs`)
      }
    })
})
