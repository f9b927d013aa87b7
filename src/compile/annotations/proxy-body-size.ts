import type { Annotation } from './define-annotation.ts'

const size = /^(\d{1,12})([kKmMgG]?)$/
const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

export const proxyBodySize: Annotation = {
  name: 'proxy-body-size',
  doc: 'The largest request body, as nginx writes sizes (8m); 0 is no limit. Default: 1m in dialect ingress-nginx, no limit in dialect spec.',
  apply(text, effects) {
    const [, digits, unit] = size.exec(text.trim()) ?? []
    if (digits === undefined || unit === undefined) return false
    const octets = Number(digits) * (units[unit.toLowerCase()] ?? 1)
    effects.bodyLimit = octets === 0 ? undefined : octets
    return true
  },
}
