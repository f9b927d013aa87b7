/** What is to be reached: a ratio to another candidate, or a figure of Lintel's own. */
export interface Goal {
  readonly cell: string
  readonly of: { readonly ratioTo: string } | { readonly figure: string }
  /** Not above this. */
  readonly must: number
  readonly goal?: number
}

export const goals: readonly Goal[] = [
  { cell: 'h1-1k', of: { ratioTo: 'nginx' }, must: 1.15, goal: 1 },
  { cell: 'h1-1k', of: { ratioTo: 'caddy' }, must: 0.35 },
  { cell: 'h1-1k-10000h', of: { ratioTo: 'nginx' }, must: 1.2 },
  { cell: 'tls-1k', of: { ratioTo: 'nginx' }, must: 1.2, goal: 1.1 },
  { cell: 'handshake', of: { ratioTo: 'nginx' }, must: 1.4, goal: 1.25 },
  { cell: 'h1-64k', of: { ratioTo: 'nginx' }, must: 1 },
  { cell: 'h1-1m', of: { ratioTo: 'nginx' }, must: 0.6, goal: 0.35 },
  { cell: 'idle-h1', of: { figure: 'value' }, must: 7_168 },
  { cell: 'idle-tls', of: { figure: 'value' }, must: 56_320 },
  { cell: 'two-workers', of: { figure: 'failed' }, must: 0 },
  { cell: 'edits', of: { figure: 'value' }, must: 1.25 },
  { cell: 'edits', of: { figure: 'failed' }, must: 0 },
  { cell: 'edits', of: { figure: 'longestTurn' }, must: 20 },
]
