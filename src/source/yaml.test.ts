import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { Json } from '../model/index.ts'
import { locateFields, readYaml, YamlSyntaxError } from './yaml.ts'

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** As kubectl converts them to JSON: by the resolver of its library, goyaml.v2 of sigs.k8s.io/yaml. */
const scalars: readonly (readonly [text: string, value: Json])[] = [
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((text) => [text, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
  ...['yEs', 'oN', 'nULL', 'tRUE', 'noo'].map((text) => [text, text] as const),
  ['010', 8],
  ['-010', -8],
  ['0o10', 8],
  ['08', 8],
  ['0_8', 8],
  ['00', 0],
  ['0x1F', 31],
  ['0b11', 3],
  ['-0b11', -3],
  ['1_000', 1_000],
  ['+1', 1],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['1e3', 1_000],
  ['1_0.5', 10.5],
  ['1:30', '1:30'],
  ['2026-01-01', '2026-01-01'],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['0x', '0x'],
  ['0b2', '0b2'],
  ['0o8', '0o8'],
  ['1.5e', '1.5e'],
  ['1.2.3', '1.2.3'],
  ['10.0.0.1', '10.0.0.1'],
  ['"yes"', 'yes'],
  ["'010'", '010'],
  ['!!str yes', 'yes'],
  ['!!str 010', '010'],
  ['"caf\\u00e9 \\x41"', 'café A'],
]

suite('readYaml() reads scalars as kubectl does', () => {
  for (const [text, value] of scalars)
    test(JSON.stringify(text), () => {
      assert.deepEqual(plain(readYaml(`v: ${text}\n`)), [{ v: value }])
    })
})

suite('readYaml() reads', () => {
  const rows: readonly (readonly [what: string, text: string, documents: readonly Json[]])[] = [
    ['nothing', '', []],
    ['comments alone', '# a\n\n# b\n', []],
    [
      'many documents, empty ones among them',
      'a: 1\n---\n---\n# c\n--- # d\nb: 2\n...\n',
      [{ a: 1 }, null, null, { b: 2 }],
    ],
    ['a directive', '%YAML 1.1\n---\na: 1\n', [{ a: 1 }]],
    ['line ends of Windows and a byte order mark', '\uFEFFa: 1\r\nb:\r\n- 2\r\n', [{ a: 1, b: [2] }]],
    ['JSON, indented with tabs too', '{\n\t"a": [1, "yes"],\n\t"b": {}\n}\n', [{ a: [1, 'yes'], b: {} }]],
    ['JSON objects in a row', '\uFEFF {"a":"}{\\""}{"b":1}\r\n\t{"c":{}}\n', [{ a: '}{"' }, { b: 1 }, { c: {} }]],
    [
      'YAML after JSON objects in a row',
      '{"a":1}\n{"b":1}\n---\nc: 1\n---\nd: 1\n',
      [{ a: 1 }, { b: 1 }, { c: 1 }, { d: 1 }],
    ],
    ['braces in a text of YAML', "{a: '}{'}", [{ a: '}{' }]],
    ['aliases', 'a: &x [1]\nb: *x\n', [{ a: [1], b: [1] }]],
    [
      'merges, of which the nearest counts',
      'a: &x {b: 1, c: 1}\nd: {<<: *x, c: 2}\n',
      [{ a: { b: 1, c: 1 }, d: { b: 1, c: 2 } }],
    ],
    ['merges of several', 'a: {<<: [{b: 1}, {b: 2, c: 3}]}\n', [{ a: { b: 1, c: 3 } }]],
    ['keys that are no strings', '1: a\nyes: b\n', [{ 1: 'a', true: 'b' }]],
    ['texts over lines', 'a: |\n  x\n  y\nb: >-\n  x\n  y\n', [{ a: 'x\ny\n', b: 'x y' }]],
    [
      'dangerous names as names',
      '__proto__: {a: 1}\nconstructor: 2\n',
      [JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as Json],
    ],
  ]
  for (const [what, text, documents] of rows)
    test(what, () => {
      assert.equal(JSON.stringify(readYaml(text)), JSON.stringify(documents))
    })
})

suite('readYaml() refuses, and says where and what to do', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 12; at++) bomb.push(`b${at}: &b${at} [${`*${at === 1 ? 'a' : `b${at - 1}`}, `.repeat(9)}]`)
  const long = 'x'.repeat(1_000_000)
  const rows: readonly (readonly [what: string, text: string, place: string, hint: RegExp])[] = [
    ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', '3:1', /stand once/],
    ['a key that stands twice in another spelling', 'yes: 1\ntrue: 2\n', '2:1', /stand once/],
    ['a tab', 'a:\n\tb: 1\n', '2:1', /spaces/],
    ['an open bracket', 'a: [1\n', '2:1', /./],
    ['a wildcard without quotes', 'a: *.test\n', '1:5', /quotes/],
    ['two maps in a row that are no JSON', '{a: 1}\n{a: 2}\n', '2:1', /---/],
    ['a list and an object in a row', '[1]\n{"a": 2}\n', '2:1', /---/],
    ['JSON, then a map that is none', '{"a": 1} {a: 2}\n', '1:10', /as JSON/],
    ['JSON, then one with a comma too many', '{"a": 1}\n{"a": 2,}\n', '2:1', /as JSON/],
    ['JSON in a row, then a word', '{"a": 1}\n{"a": 2}\nx', '3:1', /as JSON/],
    ['JSON in a row, then --- that does not begin a line', '{"a": 1} {"a": 2} ---\nb: 1', '1:19', /./],
    ['JSON in a row, the second not closed', '{"a": 1} {"a":\n{"b": 2}\n', '3:1', /brackets/],
    ['JSON in a row, with a key that stands twice', '{"a": 1} {"a": 2, "a": 3}\n', '1:20', /stand once/],
    ['JSON in a row, with a fault on a later line', '{"a": 1} {\n"a": [1,}\n', '2:9', /./],
    ['a tag that nobody knows', 'a: !foo 1\n', '1:4', /./],
    ['a list for a key', 'a: 1\n? [a]\n: b\n', '2:3', /./],
    ['a key that stands twice and is nothing', '{~: 1, null: 2}', '1:8', /stand once/],
    ['a template', 'a:\n  b: {{ .Values.b }}\n', '2:7', /template/],
    ['a template with a condition', '{{- if .b }}\na: 1\n{{- end }}\n', '1:3', /template/],
    ['a key without a colon', 'a: 1\nb\n  c: 2\n', '3:4', /colon is missing/],
    ['aliases that stand for billions of values', bomb.join('\n'), '1:1', /fewer aliases/],
    ['aliases of a long text', `a: &x ${long}\nb: [${'*x,'.repeat(200)}]\n`, '1:1', /fewer aliases/],
    ['aliases of a long key', `a: &x {? ${long} : 1}\nb: [${'*x,'.repeat(200)}]\n`, '1:1', /fewer aliases/],
    ['lists in lists without end', `a: ${'['.repeat(100_000)}`, '1:103', /./],
    ['a value that contains itself', 'a: &x [*x]\n', '1:1', /fewer aliases/],
  ]
  for (const [what, text, place, hint] of rows)
    test(what, () => {
      assert.throws(
        () => readYaml(text),
        (error) => {
          assert.ok(error instanceof YamlSyntaxError)
          assert.equal(`${error.line}:${error.column}`, place, error.message)
          assert.match(error.hint, hint)
          return true
        },
      )
    })
})

function placed(text: string): string[][] {
  return locateFields(text).map((fields) => [...fields].map(([field, at]) => `${field}=${text.slice(at, at + 2)}`))
}

test('locateFields() knows where each value stands, in every style', () => {
  const text = 'a:\n- b: 1\n  c: {d: [2, "x.y"]}\n- &z q\n---\n"k.l/m": *z\n'
  assert.deepEqual(placed(text), [
    [
      '=a:',
      'a=- ',
      'a[0]=b:',
      'a[0].b=1\n',
      'a[0].c={d',
      'a[0].c.d=[2',
      'a[0].c.d[0]=2,',
      'a[0].c.d[1]="x',
      'a[1]=q\n',
    ],
    ['="k', 'k.l/m=z\n'],
  ])
})

test('locateFields() knows it of JSON objects in a row too, and of what follows them', () => {
  assert.deepEqual(placed('{"a":1}\n {"b":[2]}{}\n---\nc: 3\n'), [
    ['={"', 'a=1}'],
    ['={"', 'b=[2', 'b[0]=2]'],
    ['={}'],
    ['=c:', 'c=3\n'],
  ])
})
