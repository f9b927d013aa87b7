import { reply, startClientSide } from './client-side.ts'

/** A listener in a process of its own, for tests that take its descriptors away. Prints its port. */
const side = await startClientSide((exchange) => {
  const { user, system } = process.cpuUsage()
  reply(exchange, 'hello', { lines: `Cpu: ${Math.round((user + system) / 1_000)}\r\n` })
})
console.log(side.port)
