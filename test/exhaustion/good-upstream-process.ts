import { startLoadUpstream } from '../support/load-upstream.ts'

/** The upstream of the client that behaves well, in a process of its own: tells its port. */
const { port } = await startLoadUpstream()
process.send?.(port)
process.once('disconnect', () => process.exit())
