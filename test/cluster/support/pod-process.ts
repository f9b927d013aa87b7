import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { KubeObject } from './resources.ts'

export interface Pod extends KubeObject {
  readonly spec: {
    readonly nodeName?: string
    readonly containers: readonly {
      readonly name: string
      readonly image: string
      readonly env?: readonly { readonly name: string; readonly value?: string }[]
      readonly ports?: readonly { readonly containerPort: number }[]
    }[]
  }
}

const program = fileURLToPath(new URL('./echo-pod.ts', import.meta.url))
const usualPort = 3000

/** The process of a pod, on an address of its own, with the environment of its container. */
export class PodProcess {
  readonly address: string
  readonly #child: ChildProcess
  readonly #listening: Promise<unknown>

  /** `posted` hears the path of each POST that arrives. */
  constructor(address: string, { metadata, spec }: Pod, posted: (path: string) => void) {
    const [container] = spec.containers
    this.address = address
    const env = {
      ...Object.fromEntries((container?.env ?? []).map(({ name, value = '' }) => [name, value])),
      POD_NAME: metadata.name,
      POD_NAMESPACE: metadata.namespace,
      POD_IP: address,
      PORT: String(container?.ports?.[0]?.containerPort ?? usualPort),
    }
    this.#child = fork(program, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child.on('message', (message) => typeof message === 'string' && message.startsWith('/') && posted(message))
    this.#listening = Promise.race([once(this.#child, 'message'), once(this.#child, 'exit')])
  }

  /** Whether it came to that before it ended. */
  async listening(): Promise<boolean> {
    await this.#listening
    return !this.#ended
  }

  /** SIGTERM: resolves when it has finished what it had accepted. SIGKILL: its connections break. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#ended) return
    const exit = once(this.#child, 'exit')
    this.#child.kill(signal)
    await exit
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}
