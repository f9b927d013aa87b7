import { printable, shorten } from '../base/index.ts'
import { identify, isRecord, parseJson } from '../kube/index.ts'
import type { Json, JsonRecord, KindDescriptor, SourceObject } from '../model/index.ts'

/** What the API server asks: whether this may be stored. */
export interface Review {
  /** Told back, so that the answer is known to belong to the question. */
  readonly uid: string
  /** As it would be stored; undefined where nothing is to be said: of deletions, of other kinds, and of parts such as the status. */
  readonly object: SourceObject | undefined
}

const apiVersion = 'admission.k8s.io/v1'
const longestUid = 128
/** An Ingress of 10,000 paths has 80,000 of them, and an update has two. Even an empty one costs time and memory. */
const mostValues = 250_000
const longestShown = 60

/** Why a body is no review that can be answered, for whoever wrote it. */
export class Unreadable extends Error {}

/** Reads an AdmissionReview; `kind` is the one that is reviewed. Throws `Unreadable`. */
export function readReview(text: string, kind: KindDescriptor): Review {
  if (countValues(text) > mostValues) throw new Unreadable(`more than ${mostValues} values`)
  const review = parseJson(text)
  if (!isRecord(review)) throw new Unreadable('the body is no JSON object')
  if (review['apiVersion'] !== apiVersion || review['kind'] !== 'AdmissionReview') {
    const found = `${show(review['kind'])} of ${show(review['apiVersion'])}`
    throw new Unreadable(`an AdmissionReview of ${apiVersion} wanted, ${found} found`)
  }
  const { request } = review
  if (!isRecord(request)) throw new Unreadable('request: missing, or no map')
  const { uid } = request
  if (typeof uid !== 'string' || uid === '' || uid.length > longestUid)
    throw new Unreadable(`request.uid: a text of 1 to ${longestUid} characters wanted`)
  return { uid, object: isToBeReviewed(request, kind) ? readObject(request, kind) : undefined }
}

/** Lists, maps, and what stands in them beside the first, of a text before it is parsed; such marks within strings count too. */
function countValues(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x5b || char === 0x7b || char === 0x2c) count++
  }
  return count
}

function isToBeReviewed(request: JsonRecord, { group, version, kind }: KindDescriptor): boolean {
  const { operation, subResource } = request
  const asked = isRecord(request['kind']) ? request['kind'] : {}
  const ours = asked['group'] === group && asked['version'] === version && asked['kind'] === kind
  const whole = subResource === undefined || subResource === null || subResource === ''
  if (operation === 'CREATE' || operation === 'UPDATE') return ours && whole
  if (operation === 'DELETE' || operation === 'CONNECT') return false
  throw new Unreadable(`request.operation: CREATE, UPDATE, DELETE or CONNECT wanted, ${show(operation)} found`)
}

function readObject({ object, namespace }: JsonRecord, kind: KindDescriptor): SourceObject | undefined {
  if (!isRecord(object) || !isRecord(object['metadata'])) throw new Unreadable('request.object: missing, or no object')
  const { metadata } = object
  // What is about to be stored has no version yet, and a dry run may have no UID. Neither takes part in what is decided.
  const named = { namespace: namespace ?? '', uid: 'reviewed', ...metadata, resourceVersion: 'reviewed' }
  const found = identify(kind, { ...object, metadata: named })
  if (found === undefined) throw new Unreadable('request.object: no name, or no namespace')
  return isLeaving(metadata) ? undefined : found
}

/** Whatever is wrong with an object that is being deleted must not keep its finalizers. */
function isLeaving({ deletionTimestamp }: JsonRecord): boolean {
  return deletionTimestamp !== undefined && deletionTimestamp !== null
}

function show(value: Json | undefined): string {
  return typeof value === 'string' ? printable(shorten(`"${value}"`, longestShown)) : `no text`
}
