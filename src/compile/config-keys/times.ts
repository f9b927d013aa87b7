import { readSeconds } from './define-config-key.ts'
import type { ConfigDraft, ConfigKey } from './define-config-key.ts'

function timeKey(name: string, doc: string, put: (draft: ConfigDraft, ms: number) => void): ConfigKey {
  return {
    name,
    doc: `${doc} In whole seconds.`,
    apply(text, draft) {
      const ms = readSeconds(text)
      if (ms !== undefined) put(draft, ms)
      return ms !== undefined
    },
  }
}

/** Of the process; a flag of the same meaning stands over each. */
const clientTimes: readonly ConfigKey[] = [
  timeKey(
    'client-header-timeout',
    'For a whole request head.',
    ({ settings }, ms) => (settings.clientHeadTimeout = ms),
  ),
  timeKey(
    'client-body-timeout',
    'For silence inside a request body.',
    ({ settings }, ms) => (settings.clientBodyTimeout = ms),
  ),
  timeKey('keep-alive', 'For an idle client connection.', ({ settings }, ms) => (settings.keepAliveTimeout = ms)),
]

/** Of routes. */
const upstreamTimes: readonly ConfigKey[] = [
  timeKey(
    'proxy-connect-timeout',
    'For a connection to an endpoint.',
    ({ effects }, ms) => (effects.connectTimeout = ms),
  ),
  timeKey(
    'proxy-read-timeout',
    'For the answer of an endpoint, and for silence inside it.',
    ({ effects }, ms) => (effects.upstreamTimeout = ms),
  ),
]

export const timeKeys: readonly ConfigKey[] = [...clientTimes, ...upstreamTimes]
