/** Fields that tell a back end who asks and how: no client may set them, in whatever spelling a back end would fold. */
export const managedNames: readonly string[] = [
  'Client-IP',
  'Forwarded',
  'Forwarded-For',
  'Proxy',
  'Proxy-Client-IP',
  'Ssl-Client-Cert',
  'Ssl-Client-Issuer-DN',
  'Ssl-Client-Subject-DN',
  'Ssl-Client-Verify',
  'True-Client-IP',
  'WL-Proxy-Client-IP',
  'X-Client-IP',
  'X-Cluster-Client-IP',
  'X-Forwarded',
  'X-Forwarded-By',
  'X-Forwarded-Client-Cert',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Port',
  'X-Forwarded-Prefix',
  'X-Forwarded-Proto',
  'X-Forwarded-Scheme',
  'X-Forwarded-Server',
  'X-Forwarded-Ssl',
  'X-Forwarded-User',
  'X-Original-Forwarded-For',
  'X-Original-Host',
  'X-Original-Method',
  'X-Original-URI',
  'X-Original-URL',
  'X-Real-IP',
  'X-Rewrite-URL',
  'X-Scheme',
  'X-SSL-Client-Cert',
]

const managed = new Set(managedNames.map(fold))
const framing = new Set(['content-length', 'host', 'transfer-encoding'])

/** As CGI and PHP do: whatever is no letter or digit is one and the same. */
export function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[^\da-z]/g, '-')
}

export function isManaged(name: string): boolean {
  return managed.has(fold(name))
}

/** Another spelling of a field that frames or routes. */
export function isFramingAlias(name: string): boolean {
  return framing.has(fold(name)) && !framing.has(name.toLowerCase())
}
