import type { Random } from '../../fuzz/random.ts'

/** A value as JSON has it. */
type Value = string | number | boolean | null | Value[] | { [name: string]: Value }

/** What stands where something else was meant. */
const strangers: readonly Value[] = [
  '',
  ' ',
  '*',
  '/',
  '//',
  '/%2e%2e/%00',
  '/a;b=c',
  '/(.*)+$',
  '\u202e\n\u0000',
  'é'.repeat(120),
  'x'.repeat(70_000),
  '-1',
  'true',
  '__proto__',
  '$(id)',
  '{{ .Host }}',
  '*.test',
  '10.0.0.1',
  '0.0.0.0/0',
  'none',
  -1,
  0,
  65_536,
  2 ** 53,
  true,
  null,
  [],
  {},
]

const annotations = [
  'kubernetes.io/ingress.class',
  'nginx.ingress.kubernetes.io/rewrite-target',
  'nginx.ingress.kubernetes.io/use-regex',
  'nginx.ingress.kubernetes.io/auth-url',
  'nginx.ingress.kubernetes.io/auth-type',
  'nginx.ingress.kubernetes.io/auth-tls-secret',
  'nginx.ingress.kubernetes.io/proxy-body-size',
  'nginx.ingress.kubernetes.io/configuration-snippet',
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/force-ssl-redirect',
  'nginx.ingress.kubernetes.io/backend-protocol',
  'nginx.ingress.kubernetes.io/canary',
  'lintel.dev/endpoints',
  'cert-manager.io/cluster-issuer',
]

type Holder = Value[] | { [name: string]: Value }

/** Changes a copy of a JSON value in one to three places: something else is there, or nothing, or the same twice. */
export function mutateValue<T extends object>(value: T, random: Random): T {
  const copy = structuredClone(value)
  for (let left = 1 + random.below(3); left > 0; left--) changeOne(copy as Holder, random)
  return copy
}

/** Annotations that ask for what they may not have, or nonsense. */
export function strangeAnnotations(random: Random): Readonly<Record<string, string>> {
  const count = random.below(3)
  const named = Array.from(
    { length: count },
    () => [random.pick(annotations), JSON.stringify(random.pick(strangers))] as const,
  )
  return Object.fromEntries(named)
}

function changeOne(root: Holder, random: Random): void {
  const places = placesIn(root)
  if (places.length === 0) return
  const { holder, key } = random.pick(places)
  const change = random.below(4)
  if (change === 0 && Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)] ?? null))
  else if (change === 1) removeAt(holder, key)
  else setAt(holder, key, change === 2 ? random.pick(strangers) : valueAt(random.pick(places)))
}

interface Spot {
  readonly holder: Holder
  readonly key: string
}

/** Every place in it that holds something. */
function placesIn(holder: Holder): Spot[] {
  return Object.keys(holder).flatMap((key) => {
    const value = valueAt({ holder, key })
    const inner = typeof value === 'object' && value !== null ? placesIn(value) : []
    return [{ holder, key }, ...inner]
  })
}

function valueAt({ holder, key }: Spot): Value {
  const value = Array.isArray(holder) ? holder[Number(key)] : holder[key]
  return structuredClone(value ?? null)
}

function setAt(holder: Holder, key: string, value: Value): void {
  if (Array.isArray(holder)) holder[Number(key)] = value
  else holder[key] = value
}

function removeAt(holder: Holder, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}
