import { defineMiddleware } from './define-middleware.ts'
import type { Asked, Middleware } from './define-middleware.ts'

/**
 * Plain HTTP is answered 308 to the same host, path and query over HTTPS. The path stays as it is. Who names no host
 * cannot be sent anywhere: an https URI without one is invalid (RFC 9110 4.2.2).
 */
export const httpsRedirect: Middleware<Record<string, never>> = defineMiddleware('https-redirect', {
  onRequest(asked) {
    if (asked.client.scheme === 'https') return undefined
    if ((asked.request.authority?.name ?? '') === '') return { reason: 'BadRequest' }
    return { reason: 'HttpsRedirect', fields: [['Location', location(asked)]] }
  },
})

function location({ request, publicHttpsPort }: Asked): string {
  const { authority, path, query } = request
  const written = authority?.text ?? ''
  const host = authority?.port === undefined ? written : written.slice(0, written.lastIndexOf(':'))
  const port = publicHttpsPort === 443 ? '' : `:${publicHttpsPort}`
  return `https://${host}${port}${path === '*' ? '/' : path}${query}`
}
