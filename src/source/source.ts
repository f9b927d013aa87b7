import type { Snapshot } from '../model/index.ts'

/** What changed, and what is now. */
export interface SourceChange {
  readonly snapshot: Snapshot
  /** Only EndpointSlices differ from the snapshot before. */
  readonly endpointsOnly: boolean
}

/** What gives snapshots: files, or a cluster. */
export interface Source {
  /** Whether objects of a namespace count here. */
  covers(namespace: string): boolean
  /** Everything as it is now. */
  read(): Promise<Snapshot>
  /** The first change is everything; later ones come as things change, until the signal. Only the newest state waits. */
  changes(signal: AbortSignal): AsyncGenerator<SourceChange>
}
