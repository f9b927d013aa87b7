/** A manifest that is as hard to read, or to serve, as its writer could make it. */
export interface HostileManifest {
  readonly name: string
  readonly text: string
  /** A request that it has served, if it is good at all. */
  readonly serves?: string
}

interface Rule {
  readonly host: string
  readonly paths: readonly string[]
}

function ingress(name: string, rules: readonly Rule[], annotations: object = {}): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, annotations },
    spec: {
      ingressClassName: 'lintel',
      rules: rules.map(({ host, paths }) => ({ host, http: { paths: paths.map(pathOf) } })),
    },
  }
}

function pathOf(path: string): object {
  return { path, pathType: 'Prefix', backend: { service: { name: 'good', port: { number: 80 } } } }
}

function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

const each = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const only = (paths: readonly string[]): readonly Rule[] => [{ host: 'hostile.test', paths }]
/** What does not fit an Ingress, in an Ingress. */
const around = (part: string): string =>
  `kind: Ingress\napiVersion: networking.k8s.io/v1\nmetadata:\n  name: around\nspec: ${part}\n`
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** `size`: 10,000 for paths, and what is in proportion for the rest. */
export function hostileManifests(size: number): readonly HostileManifest[] {
  const kibi = 1024
  const long = 'a'.repeat(64 * kibi)
  return [
    {
      name: 'paths of one host',
      text: listOf([ingress('paths', only(each(size, (at) => `/path-${at}`)))]),
      serves: `http://hostile.test/path-${size - 1}`,
    },
    {
      name: 'paths in one another',
      text: listOf([ingress('deep', only(each(size / 10, (at) => '/a'.repeat(at + 1))))]),
      serves: `http://hostile.test${'/a'.repeat(size / 10)}`,
    },
    {
      name: 'the same path again and again',
      text: listOf([ingress('same', only(each(size, () => '/same')))]),
      serves: 'http://hostile.test/same',
    },
    {
      name: 'Ingresses that all want the same',
      text: listOf(each(size / 10, (at) => ingress(`rival-${at}`, only(['/rival'])))),
      serves: 'http://hostile.test/rival',
    },
    {
      name: 'hosts',
      text: listOf([
        ingress(
          'hosts',
          each(size, (at) => ({ host: `h${at}.hostile.test`, paths: ['/'] })),
        ),
      ]),
      serves: `http://h${size - 1}.hostile.test/`,
    },
    {
      name: 'a path, a host and an annotation of 64 KiB',
      text: listOf([ingress('long', [{ host: long, paths: [`/${long}`] }], { long })]),
    },
    {
      name: 'a regular expression of 64 KiB',
      text: listOf([
        ingress('regex', only([`/${'(a+)+'.repeat(13 * kibi)}$`]), { 'nginx.ingress.kubernetes.io/use-regex': 'true' }),
      ]),
    },
    {
      name: 'guarded regular expressions beside plain paths',
      text: listOf([
        ingress('guarded', only(each(size / 2, (at) => `/(x${at})/longer/than/a/path`)), {
          'nginx.ingress.kubernetes.io/use-regex': 'true',
          'nginx.ingress.kubernetes.io/auth-url': 'https://auth.test',
        }),
        ingress('plain', only(each(size / 2, (at) => `/plain-${at}`))),
        ingress('long', only(['/a-plain-path/that-is-longer/than/any-of-the-expressions'])),
      ]),
      serves: 'http://hostile.test/a-plain-path/that-is-longer/than/any-of-the-expressions',
    },
    {
      name: 'annotations',
      text: listOf([
        ingress(
          'notes',
          only(['/']),
          Object.fromEntries(each(size, (at) => [`nginx.ingress.kubernetes.io/note-${at}`, 'x'])),
        ),
      ]),
    },
    { name: '100 levels', text: around(nested(100)) },
    { name: 'so many levels that no stack holds them', text: around(nested(size * 10)) },
    { name: 'so many levels of blocks', text: around(each(1_000, (at) => `\n${' '.repeat(at + 1)}a:`).join('')) },
    {
      name: 'aliases of aliases',
      text: around(`\n  a0: &a0 [x]\n${each(30, (at) => `  a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`).join('\n')}`),
    },
    {
      name: 'aliases of a long text',
      text: around(`\n  text: &text ${'a'.repeat(size * 100)}\n  copies: [${each(900, () => '*text').join()}]`),
    },
    { name: 'a value that holds itself', text: around('&self [*self]') },
    { name: 'lines', text: around(`\n  text: |\n${'    a\n'.repeat(size * 50)}`) },
    { name: 'documents', text: '---\n'.repeat(size * 75) },
  ]
}
