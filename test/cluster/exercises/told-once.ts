import type { Lintel } from '../../support/lintel.ts'
import { runCli } from '../../support/run-cli.ts'
import type { Cluster } from '../support/cluster.ts'
import type { KubeObject } from '../support/resources.ts'

interface Event extends KubeObject {
  readonly reason: string
  readonly series?: unknown
  readonly involvedObject: Place
}

interface Place {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

interface Diagnostic {
  readonly code: string
  readonly object: Place
}

/** Which objects it is about, and how they are selected on the command line. */
export interface Subjects {
  readonly namespace: string
  readonly flags: readonly string[]
}

interface Told {
  readonly diagnostics: number
  readonly events: number
  readonly faults: readonly string[]
}

/** Ten a second are written. */
const longestWait = 600_000

/** Holds the log and the Events against `check`, which has the same words, and has not seen how it came about. */
export async function toldOnce(cluster: Cluster, lintel: Lintel, { namespace, flags }: Subjects): Promise<Told> {
  const command = ['check', '--kubeconfig', cluster.kubeconfig('lintel'), ...flags]
  const { output: text } = await runCli(command)
  const { output: json } = await runCli([...command, '-o', 'json'])
  const { diagnostics } = JSON.parse(json) as { diagnostics: readonly Diagnostic[] }
  const own = diagnostics.filter(({ object }) => object.namespace === namespace)
  const subjects = subjectsOf(own)
  const events = await cluster.admin.until<Event>(
    { kind: 'Event', namespace },
    (found) => countOf(found, subjects) === subjects.size,
    longestWait,
  )
  return {
    diagnostics: own.length,
    events: events.length,
    faults: [
      ...compareLogs(countHeaders(text, namespace), countHeaders(lintel.errors(), namespace)),
      ...events
        .filter((event) => !subjects.has(subjectOf(event)) || isRepeated(event))
        .map((event) => `an Event too many: ${subjectOf(event)}`),
      ...(events.length > subjects.size ? [`${events.length} Events for ${subjects.size} subjects`] : []),
    ],
  }
}

/** There is one Event for each object and code, and none where an Ingress is somebody else's. */
function subjectsOf(diagnostics: readonly Diagnostic[]): Set<string> {
  const foreign = new Set(
    diagnostics.filter(({ code }) => code === 'ClassNotServed').map(({ object }) => nameOf(object)),
  )
  const told = diagnostics.filter(({ object }) => !foreign.has(nameOf(object)))
  return new Set(told.map(({ code, object }) => `${nameOf(object)} ${code}`))
}

function subjectOf({ reason, involvedObject }: Event): string {
  return `${nameOf(involvedObject)} ${reason}`
}

/** How many of the subjects have their Event. */
function countOf(events: readonly Event[], subjects: ReadonlySet<string>): number {
  return new Set(events.map(subjectOf).filter((subject) => subjects.has(subject))).size
}

function isRepeated({ series }: Event): boolean {
  return series !== undefined && series !== null
}

function nameOf({ kind, namespace, name }: Place): string {
  return `${kind} ${namespace}/${name}`
}

/** First lines of diagnostics; hints stand below them. */
function countHeaders(text: string, namespace: string): Map<string, number> {
  const headers = text.split('\n').filter((line) => /^\S+ /.test(line) && line.includes(` ${namespace}/`))
  const counts = new Map<string, number>()
  for (const header of headers) counts.set(header, (counts.get(header) ?? 0) + 1)
  return counts
}

/** What held for a moment only may stand in the log too, but nothing stands there twice. */
function compareLogs(wanted: ReadonlyMap<string, number>, logged: ReadonlyMap<string, number>): string[] {
  const missing = [...wanted.keys()].filter((header) => !logged.has(header))
  const repeated = [...logged].filter(([, count]) => count > 1)
  return [
    ...missing.map((header) => `not in the log: ${header}`),
    ...repeated.map(([header, count]) => `${count} times in the log: ${header}`),
  ]
}
