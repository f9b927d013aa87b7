import type { DiagnosticCode, WorkerFacts } from '../model/index.ts'

/** What control knows at one moment, for health and metrics. */
export interface Facts {
  /** Whether requests can be sent here: all workers have a table, and the end has not been announced. */
  readonly ready: boolean
  readonly process: ProcessFacts
  /** How many workers there should be. */
  readonly wanted: number
  readonly workers: readonly WorkerFacts[]
  /** Undefined until this control process has published one. */
  readonly table: TableFacts | undefined
  /** Undefined from files. */
  readonly cluster: ClusterFacts | undefined
  /** Undefined where nothing is reviewed. */
  readonly admission: AdmissionFacts | undefined
}

export interface ProcessFacts {
  /** Seconds. */
  readonly cpu: number
  readonly resident: number
  readonly heap: number
  /** Undefined where the system does not say. */
  readonly descriptors: number | undefined
  /** Seconds since the epoch. */
  readonly started: number
}

export interface TableFacts {
  readonly version: number
  /** When all workers had it: seconds since the epoch. */
  readonly published: number
  readonly accepted: number
  readonly refused: number
  readonly diagnostics: readonly { readonly code: DiagnosticCode }[]
}

export interface ClusterFacts {
  /** Whether the last that was heard of the API server is no fault. */
  readonly well: boolean
  /** Whether this replica writes to the cluster; undefined: none does. */
  readonly leads: boolean | undefined
  readonly watches: readonly WatchFacts[]
  /** Undefined where Secrets are watched too. */
  readonly secrets: SecretsFacts | undefined
}

/** Of Secrets that are read one by one. */
export interface SecretsFacts {
  readonly known: number
  readonly missing: number
  readonly waiting: number
  /** Seconds since the server last answered for one of them; undefined: never. */
  readonly silence: number | undefined
}

/** One collection of the API that is watched. */
export interface WatchFacts {
  readonly kind: string
  /** '' for all. */
  readonly namespace: string
  readonly synced: boolean
  /** Seconds since the server was last heard of; undefined: never. */
  readonly silence: number | undefined
  readonly lists: number
  readonly watches: number
  readonly events: number
  readonly failures: number
}

/** Of the admission webhook. */
export interface AdmissionFacts {
  /** How many reviews ended in which way. */
  readonly reviews: ReadonlyMap<string, number>
  /** Of the certificate that is shown: seconds since the epoch; undefined: there is none yet. */
  readonly certificateEnd: number | undefined
}
