import { domainToASCII } from 'node:url'

import type { Cursor } from './decode.ts'

/** The API server's rules for names (apimachinery validation). A label of a subdomain may be longer than 63: only the whole is limited. */
const label = /^[a-z\d]([-a-z\d]*[a-z\d])?$/
const longestLabel = 63
const longestSubdomain = 253
const shownOfLong = 60

export function isSubdomain(text: string): boolean {
  return text.length <= longestSubdomain && text.split('.').every((part) => label.test(part))
}

export function isLabel(text: string): boolean {
  return text.length <= longestLabel && label.test(text)
}

/** Whether lenient parsers would take it for an IP address. */
export function isAddressLike(text: string): boolean {
  const isFour = /^\d+(\.\d+){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255)
  return isFour || text.includes(':') || text.startsWith('[')
}

const howToName = 'Use lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit.'

/** A host of a rule, or of a tls entry, which may look like an address. */
export function checkHost(at: Cursor, host: string, use: 'rule' | 'tls'): void {
  if (use === 'rule' && isAddressLike(host) && !isNameWithMore(host)) {
    return at.refuse(
      `"${beginningOf(host)}" is an address, a DNS name wanted`,
      'Leave host out to serve every host, addresses included; ports do not belong here.',
    )
  }
  const name = host.startsWith('*.') ? host.slice(2) : host
  if (isSubdomain(name) && host.length <= longestSubdomain) return undefined
  at.refuse(`"${beginningOf(host)}" is not a DNS name`, hostHint(host))
}

/** A DNS name that came along with a scheme or a port. */
function isNameWithMore(host: string): boolean {
  const name = host.replace(/^https?:\/\//, '').replace(/:\d+$/, '')
  return isSubdomain(name) && !isAddressLike(name)
}

/** Of more than can be a name: a host may be megabytes. */
function beginningOf(host: string): string {
  return host.length > longestSubdomain ? `${host.slice(0, shownOfLong)}…` : host
}

function hostHint(host: string): string {
  if (host.length > longestSubdomain) return `A DNS name has at most ${longestSubdomain} characters.`
  if (/^https?:\/\//.test(host)) return 'Write the host alone, without scheme.'
  if (host.includes('*'))
    return 'A wildcard is "*." and a DNS name: *.example.com. To serve every host, leave host out.'
  if (/[^\0-\x7f]/.test(host)) return `Write it in ASCII: ${domainToASCII(host) || 'xn--…'}.`
  if (/[A-Z]/.test(host)) return `Write it in lower case: ${host.toLowerCase()}.`
  if (/:\d+$/.test(host)) return `Leave out the port: ${host.replace(/:\d+$/, '')}.`
  if (host.endsWith('.')) return `Leave out the dot at the end: ${host.slice(0, -1)}.`
  return howToName
}

export function checkSubdomain(at: Cursor, text: string): void {
  if (!isSubdomain(text)) at.refuse(`"${text}" is not a DNS subdomain`, howToName)
}

/** A Service name; names that begin with a digit are legal since Kubernetes 1.36. */
export function checkLabel(at: Cursor, text: string): void {
  if (!isLabel(text))
    at.refuse(
      `"${text}" is not a DNS label`,
      'Use at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit.',
    )
}

const portName = /^[a-z\d]([a-z\d-]*[a-z\d])?$/

/** IANA service names: what an Ingress may write as the name of a port. */
export function isPortName(text: string): boolean {
  return text.length <= 15 && portName.test(text) && /[a-z]/.test(text) && !text.includes('--')
}
