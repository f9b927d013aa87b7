import { withField } from '../http/index.ts'
import { defineMiddleware } from './define-middleware.ts'
import type { Middleware } from './define-middleware.ts'

const field = 'Strict-Transport-Security'

/** Tells browsers to come by HTTPS alone (RFC 6797). Replaces what the upstream says; never sent over plain HTTP. */
export const hsts: Middleware<{ readonly value: string }> = defineMiddleware('hsts', {
  onResponse({ client }, head, { value }) {
    return client.scheme === 'https' ? { ...head, lines: withField(head.lines, field, value) } : head
  },
})
