import { readList } from './define-config-key.ts'
import type { ConfigKey } from './define-config-key.ts'

export const noTlsRedirectLocations: ConfigKey = {
  name: 'no-tls-redirect-locations',
  doc: 'Rules whose path begins so are never sent to HTTPS; separated by commas. Default: /.well-known/acme-challenge.',
  apply(text, { effects }) {
    effects.pathsWithoutRedirect = readList(text)
    return true
  },
}

export const noAuthLocations: ConfigKey = {
  name: 'no-auth-locations',
  doc: 'Authentication does not guard rules whose path begins so; separated by commas. Default: /.well-known/acme-challenge.',
  apply(text, { effects }) {
    effects.pathsWithoutAuth = readList(text)
    return true
  },
}
