import { casesOf, get } from '../hostile-case.ts'
import type { HostileCase } from '../hostile-case.ts'

const { refused, answered, passed } = casesOf('B')

type Spelling = readonly [id: string, path: (word: string) => string, end: 'differs' | 'same', why: string]

/** Ways to write a path whose readings meet `/WORD`, or seem to. They differ: not all readings end at the same rule. */
const spellings: readonly Spelling[] = [
  ['dots', (word) => `/x/../${word}`, 'differs', 'dot segments'],
  ['dots-deep', (word) => `/a/b/../../${word}/c`, 'differs', 'two of them'],
  ['dots-root', (word) => `/../${word}`, 'differs', 'dot segments above the root'],
  ['dot', (word) => `/./${word}`, 'differs', 'a single dot'],
  ['dot-in', (word) => `/${word}/./x`, 'same', 'a single dot below: still there'],
  ['dots-out', (word) => `/${word}/../x`, 'differs', 'dot segments that leave it'],
  ['dots-out-in', (word) => `/${word}/../${word}`, 'same', 'dot segments that leave it and come back'],
  ['coded-dots', (word) => `/x/%2e%2e/${word}`, 'differs', 'coded dots'],
  ['coded-dots-upper', (word) => `/x/%2E%2E/${word}`, 'differs', 'coded dots in upper case'],
  ['coded-dot-mixed', (word) => `/x/.%2e/${word}`, 'differs', 'one dot coded, one not'],
  ['double-coded-dots', (word) => `/x/%252e%252e/${word}`, 'differs', 'dots coded twice'],
  ['coded-slash', (word) => `/%2f${word}`, 'differs', 'a coded slash before it'],
  ['coded-slash-dots', (word) => `/x/..%2f${word}`, 'differs', 'dots and a coded slash'],
  ['coded-slash-all', (word) => `/x%2f..%2f${word}`, 'differs', 'both slashes coded'],
  ['coded-all', (word) => `/x%2f%2e%2e%2f${word}`, 'differs', 'all of it coded'],
  ['double-coded-slash', (word) => `/x/..%252f${word}`, 'differs', 'a slash coded twice'],
  ['coded-slash-after', (word) => `/${word}%2fx`, 'differs', 'a coded slash after it: one element or two'],
  ['double-coded-after', (word) => `/${word}%252fx`, 'differs', 'a slash coded twice after it'],
  ['backslash', (word) => `/\\${word}`, 'differs', 'a backslash is a slash on some systems'],
  ['backslash-dots', (word) => `/x/..\\${word}`, 'differs', 'dots and a backslash'],
  ['backslash-dots-all', (word) => `/x\\..\\${word}`, 'differs', 'backslashes alone'],
  ['coded-backslash', (word) => `/x/..%5c${word}`, 'differs', 'a coded backslash'],
  ['coded-backslash-first', (word) => `/%5c${word}`, 'differs', 'a coded backslash before it'],
  ['double-coded-backslash', (word) => `/x/..%255c${word}`, 'differs', 'a backslash coded twice'],
  ['backslash-after', (word) => `/${word}\\x`, 'differs', 'a backslash after it'],
  ['slashes', (word) => `//${word}`, 'differs', 'an empty element before it'],
  ['slashes-many', (word) => `////${word}/x`, 'differs', 'several'],
  ['slashes-inside', (word) => `/${word}//x`, 'same', 'an empty element below it'],
  ['slashes-dots', (word) => `/x//../${word}`, 'differs', 'dots over an empty element: up to it or past it'],
  ['params', (word) => `/${word};a=b`, 'differs', 'parameters, which Tomcat cuts'],
  ['params-bare', (word) => `/${word};`, 'differs', 'an empty parameter'],
  ['params-below', (word) => `/${word};a/x`, 'differs', 'parameters on the element of the rule'],
  ['params-dots', (word) => `/x/..;/${word}`, 'differs', 'dots with parameters, which Tomcat takes for dots'],
  ['params-dots-a', (word) => `/x/..;a=b/${word}`, 'differs', 'dots with a longer parameter'],
  ['params-slash', (word) => `/;a/${word}`, 'differs', 'an element of parameters alone'],
  ['coded-params', (word) => `/${word}%3ba`, 'differs', 'a coded semicolon'],
  ['double-coded-params', (word) => `/${word}%253ba`, 'differs', 'a semicolon coded twice'],
  ['params-coded-dots', (word) => `/x/%2e%2e;/${word}`, 'differs', 'coded dots with a parameter'],
  ['params-in', (word) => `/${word}/x;a`, 'same', 'parameters below it'],
  ['letter', (word) => `/%${hex(word)}${word.slice(1)}`, 'same', 'a coded letter is the letter (RFC 3986 6.2.2.2)'],
  ['double-letter', (word) => `/%25${hex(word)}${word.slice(1)}`, 'differs', 'a letter coded twice'],
  ['coded-tail', (word) => `/${word}/%2e%2e/x`, 'differs', 'coded dots that leave it'],
  ['slash-question', (word) => `/x%3f/../${word}`, 'differs', 'a coded question mark is an ordinary octet'],
  ['coded-hash', (word) => `/x%23/../${word}`, 'differs', 'so is a coded number sign'],
  ['dots-end', (word) => `/${word}/x/..`, 'same', 'dots at the end'],
  ['dots-end-out', (word) => `/${word}/..`, 'differs', 'dots at the end that leave it'],
]

function hex(word: string): string {
  return word.charCodeAt(0).toString(16)
}

/**
 * The unanimity rule: all readings of a path have to end alike. `/admin` is guarded, so what might reach it by another
 * name must never arrive; `/api` is another service without a guard, and the rule is the same.
 */
export const paths: readonly HostileCase[] = [...guarded(), ...routed(), ...harmless(), ...impossible(), ...raw()]

function guarded(): HostileCase[] {
  return spellings.map(([id, path, end, why]) =>
    answered(`pa-guard-${id}`, `to the guarded path: ${why}`, get(path('admin')), end === 'same' ? 503 : 400),
  )
}

function routed(): HostileCase[] {
  return spellings.map(([id, path, end, why]) => {
    const target = path('api')
    const caseId = `pa-route-${id}`
    if (end === 'differs') return answered(caseId, `to another service: ${why}`, get(target), 400)
    return passed(caseId, `to another service: ${why}`, get(target), { line: `GET ${target}`, service: 'api' })
  })
}

/** All readings end at the same rule: the octets go on as they are. */
function harmless(): HostileCase[] {
  const targets: readonly (readonly [id: string, target: string, why: string])[] = [
    ['coded-slash', '/a%2Fb', 'a coded slash in a name'],
    ['scope', '/@scope%2fpkg', 'the name of an npm package'],
    ['slashes', '//', 'empty elements'],
    ['slashes-inside', '/a//b', 'an empty element inside'],
    ['dots', '/a/../b', 'dot segments that change nothing about the rule'],
    ['dots-climb', '/../../..', 'dot segments above the root'],
    ['hidden', '/.well-known/x', 'a name that begins with a dot'],
    ['three-dots', '/.../x', 'a name of three dots'],
    ['three-dots-up', '/x/.../../admin', 'one up from a name of three dots is still below x'],
    ['params', '/a;b=c/d', 'parameters'],
    ['backslash', '/a\\b', 'a backslash'],
    ['percent', '/100%25', 'a coded percent sign'],
    ['percent-bad', '/100%', 'a percent sign that codes nothing'],
    ['percent-zz', '/%zz', 'a code that is none'],
    ['utf8', '/%c3%a9', 'a coded letter of another script'],
    ['overlong', '/%c0%af', 'an overlong slash: bytes, not a slash, to all that follow the standard'],
    ['query', '/x?/../admin', 'a query is no path'],
    ['query-slash', '/x?a=/admin', 'nor is what it holds'],
    ['prefix', '/administrator', 'a longer word is another element'],
    ['case', '/ADMIN', 'paths have case'],
    ['tilde', '/%7Euser', 'a coded tilde is a tilde'],
    ['brackets', '/a[0]{1}|"^`<>', 'visible octets that clients send raw'],
  ]
  return targets.map(([id, target, why]) => passed(`pa-ok-${id}`, why, get(target), { line: `GET ${target}` }))
}

/** No reading can be right. */
function impossible(): HostileCase[] {
  const targets: readonly (readonly [id: string, target: string, why: string])[] = [
    ['nul', '/a%00b', 'a coded NUL cuts the path for some'],
    ['nul-guard', '/x%00/../admin', 'NUL before dot segments'],
    ['cr', '/a%0db', 'a coded CR'],
    ['lf', '/a%0ab', 'a coded LF'],
    ['crlf-header', '/a%0d%0aX-Evil:%20b', 'a header behind a coded line end'],
    ['double-lf', '/a%250ab', 'an LF coded twice'],
    ['tab', '/a%09b', 'a coded tab'],
    ['escape', '/a%1b[31m', 'an escape sequence for terminals'],
    ['del', '/a%7f', 'a coded DEL'],
    ['many', `/${'%252e%252e;%255c//'.repeat(12)}admin`, 'more readings than anybody sends in good faith'],
  ]
  return targets.map(([id, target, why]) => answered(`pa-${id}`, why, get(target), 400))
}

function raw(): HostileCase[] {
  const targets: readonly (readonly [id: string, target: string, why: string])[] = [
    ['fragment', '/x#/../admin', 'a fragment is cut by some'],
    ['fragment-admin', '/#/admin', 'a fragment'],
    ['fragment-query', '/x?a#b', 'a fragment after a query'],
    ['raw-high', '/\xff', 'an octet beyond ASCII'],
    ['raw-utf8', '/caf\xc3\xa9', 'a raw letter of another script'],
    ['raw-nbsp', '/x\xa0/admin', 'a no-break space, which some trim'],
    ['raw-del', '/a\x7f', 'a raw DEL'],
    ['raw-tab', '/a\tb', 'a raw tab'],
    ['raw-escape', '/\x1b[31m', 'a raw escape sequence'],
    ['raw-full-width', '/\xef\xbc\x8e\xef\xbc\x8e/admin', 'full-width dots'],
    ['raw-query', '/?\xff', 'an octet beyond ASCII in the query'],
  ]
  return targets.map(([id, target, why]) => refused(`pa-${id}`, why, get(target)))
}
