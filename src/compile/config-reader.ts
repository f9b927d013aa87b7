import { diagnose } from '../model/index.ts'
import type { CompileOptions } from './compile-options.ts'
import { configMapKind } from './kinds/index.ts'
import type { ConfigMapObject } from './kinds/index.ts'
import { noConfig, readConfig } from './read-config.ts'
import type { Config } from './read-config.ts'

/** Reads the ConfigMap once as long as it is the same object, so that what follows from it stays the same too. */
export class ConfigReader {
  readonly #options: Pick<CompileOptions, 'configMap' | 'trustedProxies'>
  readonly #missing: Config
  #last: { readonly object: ConfigMapObject; readonly config: Config } | undefined

  constructor(options: Pick<CompileOptions, 'configMap' | 'trustedProxies'>) {
    this.#options = options
    this.#missing =
      options.configMap === undefined ? noConfig : { ...noConfig, diagnostics: [notFound(options.configMap)] }
  }

  read(object: ConfigMapObject | undefined): Config {
    if (object === undefined) return this.#missing
    if (this.#last?.object !== object) this.#last = { object, config: readConfig(object, this.#options.trustedProxies) }
    return this.#last.config
  }
}

function notFound(configMap: string): Config['diagnostics'][number] {
  const [namespace = '', name = ''] = configMap.split('/')
  const object = { kind: configMapKind.kind, namespace, name }
  const text = {
    message: `the ConfigMap ${configMap} does not exist, or is invalid: every key has its default`,
    hint: '--configmap names a ConfigMap as namespace/name.',
  }
  return diagnose('ConfigMapNotFound', { object, field: '' }, text)
}
