const digits = /^[1-9]\d{0,30}$/

/**
 * Which of two resource versions is newer: negative if the first is older. Since Kubernetes 1.35 they are numbers that
 * may be compared (KEP-5504); undefined where they are not.
 */
function compareVersions(a: string, b: string): number | undefined {
  if (!digits.test(a) || !digits.test(b)) return a === b ? 0 : undefined
  if (a.length !== b.length) return a.length - b.length
  return a === b ? 0 : a < b ? -1 : 1
}

/** Whether `a` is certainly older than `b`. */
export function isOlder(a: string, b: string): boolean {
  return (compareVersions(a, b) ?? 0) < 0
}

/** Whether `a` is certainly newer than `b`. */
export function isNewer(a: string, b: string): boolean {
  return (compareVersions(a, b) ?? 0) > 0
}
