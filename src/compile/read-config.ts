import { nearest } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { ConfiguredSettings, Diagnostic, DiagnosticCode } from '../model/index.ts'
import { alikeAnyway, configGuards, configKeys, unservedKeys } from './config-keys/index.ts'
import type { ConfigDraft } from './config-keys/index.ts'
import { standardEffects } from './effects.ts'
import type { Effects } from './effects.ts'
import { admitsEverybody } from './guard-texts.ts'
import type { ConfigMapObject } from './kinds/index.ts'

/** What the ConfigMap comes to. */
export interface Config {
  /** What Ingresses of dialect ingress-nginx begin with. */
  readonly effects: Readonly<Effects>
  readonly settings: ConfiguredSettings
  /** Keys that guard every Ingress, whatever its dialect, and are not served. */
  readonly guards: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

export const noConfig: Config = {
  effects: standardEffects('ingress-nginx'),
  settings: {},
  guards: [],
  diagnostics: [],
}

type Say = (code: DiagnosticCode, key: string, message: string, hint: string) => void

/** `trustedProxies`: ranges that a flag names, which stand over those named here. */
export function readConfig({ ref, data }: ConfigMapObject, trustedProxies: readonly string[]): Config {
  const diagnostics: Diagnostic[] = []
  const say: Say = (code, key, message, hint) => {
    diagnostics.push(diagnose(code, { object: ref, field: `data.${key}` }, { message, hint }))
  }
  const draft: ConfigDraft = {
    effects: standardEffects('ingress-nginx'),
    settings: {},
    useProxyProtocol: false,
    useForwardedHeaders: false,
    front: [],
  }
  for (const [key, text] of data) readKey(key, text, draft, say)
  settleFront(draft, trustedProxies, say)
  const guards = [...data].flatMap(([key, text]) => (isClosing(key, text) ? [key] : []))
  return { effects: draft.effects, settings: draft.settings, guards, diagnostics }
}

function readKey(key: string, text: string, draft: ConfigDraft, say: Say): void {
  const served = configKeys.find(({ name }) => name === key)
  if (served !== undefined) {
    if (!served.apply(text, draft))
      say('ConfigValueInvalid', key, `"${text}" cannot be read; the default is used`, served.doc)
  } else if (configGuards.has(key)) {
    if (isClosing(key, text))
      say(
        'GuardNotServed',
        key,
        `${key} guards every Ingress and is not served yet: all rules answer 503`,
        'Remove it if the rules may be open; otherwise stay with the controller that serves it.',
      )
  } else if (alikeAnyway.get(key) !== text) say('ConfigKeyNotServed', key, ...unservedText(key))
}

/** Whether a guard that is not served keeps anybody out. */
function isClosing(key: string, text: string): boolean {
  if (!configGuards.has(key) || text.trim() === '') return false
  return !(key === 'whitelist-source-range' && admitsEverybody(text))
}

function unservedText(key: string): [message: string, hint: string] {
  if (key === 'enable-real-ip')
    return [
      'enable-real-ip has no effect',
      'use-forwarded-headers with proxy-real-ip-cidr does the same, and believes X-Forwarded-Proto too.',
    ]
  if (unservedKeys.has(key)) return [`${key} has no effect yet`, 'Requests are served as if it were not there.']
  const near = nearest(key, [...configKeys.map(({ name }) => name), ...unservedKeys, ...configGuards.keys()])
  return [`${key} is no key of ingress-nginx`, near === undefined ? 'Remove it.' : `Is ${near} meant?`]
}

/** Whoever is trusted has to be named: ingress-nginx trusted everybody where nothing was said. */
function settleFront(draft: ConfigDraft, trusted: readonly string[], say: Say): void {
  const { settings, front } = draft
  const named = trusted.length > 0 ? trusted : front
  const hint = 'Name the proxies: proxy-real-ip-cidr: 10.0.0.0/8, or --trusted-proxies.'
  if (draft.useForwardedHeaders) {
    if (named.length === 0)
      say('ProxiesNotNamed', 'use-forwarded-headers', 'no proxies are named, so nobody is believed', hint)
    else settings.trustedProxies = named
    if (front.some(isEverybody) && trusted.length === 0)
      say('ProxiesNotNamed', 'proxy-real-ip-cidr', 'everybody may say who the client is', hint)
  }
  if (!draft.useProxyProtocol) return
  if (named.length === 0)
    say(
      'ProxyProtocolNotServed',
      'use-proxy-protocol',
      'no balancers are named, so the PROXY protocol is not read',
      hint,
    )
  else {
    settings.introducers = named
    settings.proxyProtocol = ['http', 'https']
  }
}

function isEverybody(range: string): boolean {
  return range.endsWith('/0')
}
