import { valuesOf } from '../support/strict-request.ts'
import type { StrictRequest } from '../support/strict-request.ts'
import { lineOf, nameIn } from './arrival.ts'
import type { Arrival } from './arrival.ts'
import type { HostileCase, Service } from './hostile-case.ts'
import { fold, isFramingAlias, isManaged } from './managed-names.ts'
import { endsOf } from './readings.ts'

const hostOf: Readonly<Record<Service, string>> = { open: 'a.test', api: 'a.test', other: 'b.test' }

/** What arrived at an upstream and must not, whichever proxy sent it. */
export function dangersOf(one: HostileCase, from: string, arrivals: readonly Arrival[]): string[] {
  const dangers = arrivals.flatMap((arrival) => dangersOfArrival(one, from, arrival))
  if (one.fin === true && one.sees.length === 0 && arrivals.some(({ request }) => request !== undefined))
    dangers.push('half a request arrived as a whole one')
  return dangers
}

function dangersOfArrival(one: HostileCase, from: string, { request, fault, head, service }: Arrival): string[] {
  if (request === undefined) return [`${fault} in ${quote(head)}`]
  const [host] = valuesOf(request.fields, 'host')
  const dangers: readonly (readonly [danger: string, is: boolean])[] = [
    ['a request that nobody sent', request.target.startsWith('/smuggled')],
    ['a host that did not route', nameIn(host) !== hostOf[service]],
    [
      'a path that a back end may read as the guarded one',
      service !== 'other' && endsOf(request.target).has('guarded'),
    ],
    ['not the client that asked', valuesOf(request.fields, 'x-real-ip').join() !== from],
    ['what must not arrive', hasForbidden(one, request)],
    ['another spelling of what we manage', request.fields.some(([name]) => isAlias(name))],
    ['another body', bodyDiffers(one, request)],
  ]
  return dangers.filter(([, is]) => is).map(([danger]) => `${danger} in ${quote(head)}`)
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 500))
}

function hasForbidden({ never = [] }: HostileCase, { fields, trailers }: StrictRequest): boolean {
  const lines = [...fields, ...trailers].map(([name, value]) => `${name}: ${value}`.toLowerCase())
  return never.some((text) => lines.some((line) => line.includes(text.toLowerCase())))
}

function isAlias(name: string): boolean {
  return isFramingAlias(name) || (isManaged(name) && fold(name) !== name.toLowerCase())
}

/** From that of the request which the case describes by this line. */
function bodyDiffers(one: HostileCase, request: StrictRequest): boolean {
  const described = one.sees.filter(({ line, body }) => line === lineOf(request) && body !== undefined)
  return described.length > 0 && described.every(({ body }) => body !== request.body)
}
