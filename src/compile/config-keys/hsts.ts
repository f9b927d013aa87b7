import { applyBoolean } from '../annotations/index.ts'
import type { Hsts } from '../effects.ts'
import type { ConfigKey } from './define-config-key.ts'

type Switch = { [Name in keyof Hsts]: Hsts[Name] extends boolean ? Name : never }[keyof Hsts]

function hstsSwitch(name: string, field: Switch, doc: string): ConfigKey {
  return {
    name,
    doc,
    apply: (text, { effects }) => applyBoolean(text, (value) => (effects.hsts = { ...effects.hsts, [field]: value })),
  }
}

export const hstsKeys: readonly ConfigKey[] = [
  hstsSwitch('hsts', 'on', 'Whether answers over HTTPS carry Strict-Transport-Security. Default: true.'),
  hstsSwitch('hsts-include-subdomains', 'includeSubDomains', 'Whether it says includeSubDomains. Default: true.'),
  hstsSwitch('hsts-preload', 'preload', 'Whether it says preload. Default: false.'),
  {
    name: 'hsts-max-age',
    doc: 'Its max-age in seconds. Default: 31536000.',
    apply(text, { effects }) {
      if (!/^\d{1,10}$/.test(text)) return false
      effects.hsts = { ...effects.hsts, maxAge: Number(text) }
      return true
    },
  },
]
