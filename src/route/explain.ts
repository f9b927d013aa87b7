import type { RequestHead } from '../http/index.ts'
import { answerReasons } from '../model/index.ts'
import type { Answer, Client, NamespacedName, Route } from '../model/index.ts'
import type { Router, Step } from './router.ts'
import { UpstreamHeadPrinter } from './upstream-head.ts'
import type { PublicPorts } from './upstream-head.ts'

/** Stands for a request id that the client did not give. */
const generated = '<generated>'

/** A request to explain, as it would have arrived. */
export interface Question {
  readonly request: RequestHead
  readonly client: Client
  readonly ports: PublicPorts
}

/** What follows from a table for a request. A field that does not apply is absent. */
export interface Explanation {
  readonly outcome: 'route' | 'redirect' | 'answer'
  /** Present where the answer is ours. */
  readonly status?: number
  readonly answer?: Answer
  readonly ingress?: NamespacedName
  readonly rule?: Route['rule']
  /** The first backend of the route. */
  readonly service?: NamespacedName & { readonly port: string }
  readonly steps: readonly Step[]
  /** Present where the request goes on. */
  readonly upstreamHead?: string
}

/**
 * Asks the router that serves, and keeps what it says on the way. `answerOf` is what the data plane asks of a route
 * before it goes on: its refusal, its limits, its middleware.
 */
export function explain(
  router: Router,
  { request, client, ports }: Question,
  answerOf: (route: Route) => Answer | undefined,
): Explanation {
  const steps = [listenerStep(client)]
  const decision = router.decide(request, (step) => steps.push(step))
  const { route } = decision
  const answer = route === undefined ? decision.answer : answerOf(route)
  if (route !== undefined) steps.push(guardStep(route, answer), ...request.dropped.map(droppedStep))
  const found = route === undefined ? {} : describeRoute(route)
  if (answer !== undefined) {
    const outcome = answer.reason === 'HttpsRedirect' ? 'redirect' : 'answer'
    return { outcome, status: answerReasons[answer.reason], answer, ...found, steps }
  }
  const upstreamHead = new UpstreamHeadPrinter(ports).print(request, client, request.requestId ?? generated)
  return { outcome: 'route', ...found, steps, upstreamHead }
}

function describeRoute({ ingress, rule, targets }: Route): Pick<Explanation, 'ingress' | 'rule' | 'service'> {
  const [first] = targets
  const parts = first === undefined ? null : /^([^/]*)\/(.*):([^:]*)$/.exec(first.backend)
  const found = { ...(ingress !== undefined && { ingress }), rule }
  if (parts === null) return found
  const [, namespace = '', name = '', port = ''] = parts
  return { ...found, service: { namespace, name, port } }
}

function listenerStep({ scheme, sni }: Client): Step {
  if (scheme === 'http') return { step: 'listener', outcome: 'http', reason: 'the request came without TLS' }
  return { step: 'listener', outcome: 'https', reason: `the handshake named ${sni ?? 'no host'}` }
}

function guardStep(route: Route, answer: Answer | undefined): Step {
  if (answer !== undefined)
    return { step: 'guard', outcome: `${answerReasons[answer.reason]}`, reason: `answered ${answer.reason}` }
  const names = route.middleware.map(({ name }) => name).join(', ')
  return { step: 'guard', outcome: 'passed', reason: names === '' ? 'the route has none' : `passed ${names}` }
}

function droppedStep({ name, reason }: RequestHead['dropped'][number]): Step {
  return { step: 'field', outcome: 'dropped', reason: `${name}: ${reason}` }
}
