import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A request as the API server wrote it down. */
interface AuditEvent {
  readonly verb: string
  readonly requestURI: string
  readonly objectRef?: { readonly resource: string; readonly subresource?: string }
  readonly annotations?: Readonly<Record<string, string>>
}

export interface Request {
  /** `list ingresses`, `patch ingresses/status`. */
  readonly act: string
  readonly allowed: boolean
  readonly uri: string
}

/** What is just received has not been decided on yet. */
function policyFor(user: string): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata', users: [user] }, { level: 'None' }],
  }
}

/** Arguments for an API server that writes down every request of a user, in this folder. */
export function auditArgs(folder: string, user: string): string[] {
  const policyFile = join(folder, 'audit-policy.json')
  writeFileSync(policyFile, JSON.stringify(policyFor(user)))
  return [`--audit-policy-file=${policyFile}`, `--audit-log-path=${logIn(folder)}`, '--audit-log-mode=blocking']
}

/** What the user asked so far, of resources alone. */
export function readRequests(folder: string): Request[] {
  return readFileSync(logIn(folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ objectRef }) => objectRef !== undefined)
    .map(({ verb, requestURI: uri, objectRef, annotations }) => ({
      act: `${verb} ${[objectRef?.resource, objectRef?.subresource].filter((part) => part !== undefined).join('/')}`,
      allowed: annotations?.['authorization.k8s.io/decision'] === 'allow',
      uri,
    }))
}

function logIn(folder: string): string {
  return join(folder, 'audit.log')
}
