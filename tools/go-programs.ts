import type { GoProgram } from './go-program.ts'

/** Debian's Caddy is of 2022. */
export const caddy: GoProgram = {
  name: 'caddy',
  package: 'github.com/caddyserver/caddy/v2/cmd/caddy',
  pin: { version: 'v2.11.9' },
}

/** Programs that tests and the bench use and that no package of Debian brings; `npm run tools` builds them. */
export const goPrograms: readonly GoProgram[] = [caddy]
