import { startLoad } from '../support/load.ts'
import type { LoadOptions } from '../support/load.ts'

/** The load of `Bystander`, in a process of its own: told by messages, and answers each. */
const load = startLoad(JSON.parse(process.argv[2] ?? '{}') as LoadOptions)
process.on('message', (asked: number | 'stop') => {
  if (asked === 'stop') void load.stop().then((ledger) => process.send?.(ledger))
  else void load.answered(asked).then(() => process.send?.([...load.ledger]))
})
process.once('disconnect', () => process.exit())
