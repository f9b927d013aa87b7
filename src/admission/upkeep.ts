import type { Clock } from '../base/index.ts'
import type { CertificatePair } from '../certificates/index.ts'
import { KubeError } from '../kube/index.ts'
import type { KubeClient, ObjectName } from '../kube/index.ts'
import type { JsonRecord } from '../model/index.ts'
import { printCredentials, readCredentials, secrets } from './credential-secret.ts'
import { renew } from './credentials.ts'
import type { Credentials } from './credentials.ts'
import { trustPatch, webhookConfigurations } from './trust.ts'

/** How often it is looked whether all is as it should be. */
const period = 60_000
/** Somebody else was first: what they wrote is read at once. */
const afterConflict = 100
const afterFailure = 10_000

export interface UpkeepStages {
  readonly client: Pick<KubeClient, 'get' | 'create' | 'update' | 'patch'>
  readonly clock: Clock
  /** From now on this certificate is shown. */
  readonly show: (server: CertificatePair) => void
  /** Told of each refusal of the API server; it is tried again. */
  readonly failed: (error: KubeError) => void
}

/**
 * Keeps the credentials of the webhook: every replica does, by one Secret, whose version has all but the first of those
 * who write at the same time read again. What is written follows from what is there, so it does not matter who writes.
 */
export class Upkeep {
  readonly #place: ObjectName
  readonly #stages: UpkeepStages
  #held: Credentials | undefined

  /** `place` is that of the Secret and of the Service; the configuration has the same name. */
  constructor(place: ObjectName, stages: UpkeepStages) {
    this.#place = place
    this.#stages = stages
  }

  /** What is shown; undefined until the Secret has been read. */
  get held(): Credentials | undefined {
    return this.#held
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#sleep(await this.#round(signal), signal)
  }

  /** Answers the milliseconds until the next round. */
  async #round(signal: AbortSignal): Promise<number> {
    try {
      const credentials = await this.#settle(signal)
      if (credentials.server.chain !== this.#held?.server.chain) this.#stages.show(credentials.server)
      this.#held = credentials
      await this.#spread(credentials.authorities, signal)
      return period
    } catch (error) {
      if (signal.aborted) return 0
      if (!(error instanceof KubeError)) throw error
      if (error.status === 409) return afterConflict
      this.#stages.failed(error)
      return afterFailure
    }
  }

  /** The credentials of the Secret, once nothing of them is due. One that was deleted comes back as it was. */
  async #settle(signal: AbortSignal): Promise<Credentials> {
    const { namespace, name } = this.#place
    const secret = await this.#read(signal)
    const held = secret === undefined ? this.#held : readCredentials(secret)
    const credentials = await renew(held, [`${name}.${namespace}.svc`], this.#stages.clock.wall())
    if (secret !== undefined && credentials === held) return credentials
    const body = printCredentials(secret, this.#place, credentials)
    const { client } = this.#stages
    if (secret === undefined) await client.create(secrets, namespace, body, signal)
    else await client.update(secrets, this.#place, body, signal)
    return credentials
  }

  async #read(signal: AbortSignal): Promise<JsonRecord | undefined> {
    try {
      return await this.#stages.client.get(secrets, this.#place, signal)
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined
      throw error
    }
  }

  async #spread(authorities: string, signal: AbortSignal): Promise<void> {
    const { client } = this.#stages
    const body = trustPatch(await client.get(webhookConfigurations, this.#place, signal), authorities)
    if (body === undefined) return
    await client.patch(webhookConfigurations, this.#place, { type: 'merge-patch', body }, signal)
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = this.#stages.clock.after(ms, resolve)
    const wake = (): void => resolve()
    signal.addEventListener('abort', wake)
    if (signal.aborted) resolve()
    return promise.finally(() => {
      stop()
      signal.removeEventListener('abort', wake)
    })
  }
}
