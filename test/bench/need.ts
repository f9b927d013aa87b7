/** What a cell wants of a proxy beyond small plain requests. */
export type Need = 'bodies' | 'tls' | 'upgrade' | 'memory' | 'workers' | 'edits'

/** Whether a candidate is measured in a cell: it can do all that is wanted there, and is not kept for other cells. */
export function suits(
  { lacks, only }: { readonly lacks: readonly Need[]; readonly only?: Need },
  { needs }: { readonly needs: readonly Need[] },
): boolean {
  return !needs.some((need) => lacks.includes(need)) && (only === undefined || needs.includes(only))
}
