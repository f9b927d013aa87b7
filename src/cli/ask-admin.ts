import { queryOf } from '../asked-url.ts'
import type { AskedInWords } from '../asked-url.ts'
import type { Told } from '../tell.ts'
import type { Given } from './flags.ts'
import { UsageError } from './usage-error.ts'

const adminInPod = '127.0.0.1:10254'
const patience = 10_000

/** What says how it is asked and shown; everything else the process that serves knows itself. */
const ownFlags: ReadonlySet<string> = new Set(['admin', 'method', 'header', 'client-ip', 'sni', 'output'])
/** What stands for the objects of another cluster or of files. */
const clusterFlags = ['kubernetes', 'kubeconfig', 'context']

/** The admin port to ask: the one that is named, or in a pod the usual one, where nothing else is; undefined: none. */
export function adminToAsk({ values, operands }: Given, environment: NodeJS.ProcessEnv): string | undefined {
  const named = values.get('admin')?.[0]
  const elsewhere = operands.length > 1 || clusterFlags.some((flag) => values.has(flag))
  const admin = named ?? (environment['KUBERNETES_SERVICE_HOST'] !== undefined && !elsewhere ? adminInPod : undefined)
  if (admin === undefined) return undefined
  const odd = [...values.keys()].find((flag) => !ownFlags.has(flag))
  if (operands.length > 1) throw new UsageError(`${operands[1]}: either paths or --admin, not both`)
  if (odd !== undefined) throw new UsageError(`--${odd}: the serve at ${admin} goes by its own; either this or --admin`)
  if (!/^([\w.-]+|\[[\da-f:]+\]):\d+$/i.test(admin))
    throw new UsageError(`--admin ${admin}: HOST:PORT wanted, such as ${adminInPod}`)
  return admin
}

/** Rejects with a UsageError if nothing is told there. */
export async function askAdmin(admin: string, words: AskedInWords): Promise<Told> {
  const answer = await fetch(`http://${admin}/explain?${queryOf(words).toString()}`, {
    signal: AbortSignal.timeout(patience),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new UsageError(
      `nobody answers at --admin ${admin}: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  })
  const text = await answer.text()
  if (answer.status === 200) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end is this very program
    return JSON.parse(text) as Told
  }
  throw new UsageError(answer.status === 400 ? readFault(text) : `--admin ${admin}: ${answer.status} ${text.trim()}`)
}

function readFault(text: string): string {
  const fault: unknown = JSON.parse(text)
  return typeof fault === 'object' && fault !== null && 'error' in fault ? String(fault.error) : text
}
