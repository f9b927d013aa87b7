/** The wildcard that stands for a host beside its own name, `*.example.com` for `a.example.com`. Nothing stands for a wildcard. */
export function wildcardAbove(host: string): string | undefined {
  const dot = host.indexOf('.')
  return dot > 0 && !host.startsWith('*') ? `*${host.slice(dot)}` : undefined
}
