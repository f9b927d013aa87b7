import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Right } from '../../deploy/rights.ts'

/** A request as the API server wrote it down. */
interface AuditEvent {
  readonly verb: string
  readonly user: { readonly username: string }
  readonly objectRef?: {
    readonly apiGroup?: string
    readonly resource: string
    readonly subresource?: string
    readonly namespace?: string
    readonly name?: string
  }
  readonly annotations?: Readonly<Record<string, string>>
}

/** A request, as the right that would do for it and no more. */
export interface Request extends Right {
  readonly allowed: boolean
}

/** What is just received has not been decided on yet. */
const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }, { level: 'None' }],
}

/** Arguments for an API server that writes down every request of a service account, in this folder. */
export function auditArgs(folder: string): string[] {
  const policyFile = join(folder, 'audit-policy.json')
  writeFileSync(policyFile, JSON.stringify(policy))
  return [`--audit-policy-file=${policyFile}`, `--audit-log-path=${logIn(folder)}`, '--audit-log-mode=blocking']
}

/** What service accounts asked so far, of resources alone. Each line is read once, since others wait in this process. */
export class AuditLog {
  readonly #file: number
  readonly #requests = new Map<string, Request[]>()
  #rest = ''

  constructor(folder: string) {
    this.#file = openSync(logIn(folder), 'r')
  }

  of(user: string): readonly Request[] {
    const lines = `${this.#rest}${readFileSync(this.#file, 'utf8')}`.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#take(JSON.parse(line) as AuditEvent)
    return this.#requests.get(user) ?? []
  }

  close(): void {
    closeSync(this.#file)
  }

  #take(event: AuditEvent): void {
    const request = requestOf(event)
    if (request === undefined) return
    const own = this.#requests.get(event.user.username) ?? []
    this.#requests.set(event.user.username, own)
    own.push(request)
  }
}

function requestOf({ verb, objectRef, annotations }: AuditEvent): Request | undefined {
  if (objectRef === undefined) return undefined
  const { apiGroup: group = '', resource, subresource, namespace, name } = objectRef
  return {
    verb,
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    // What is created is asked for without its name, as far as rights go, though the log knows it.
    name: verb === 'create' ? undefined : name,
    allowed: annotations?.['authorization.k8s.io/decision'] === 'allow',
  }
}

function logIn(folder: string): string {
  return join(folder, 'audit.log')
}
