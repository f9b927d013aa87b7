import { inFile } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const suites = ['src/compile/closings.test.ts', 'src/compile/withhold.test.ts']

const closings = inFile('src/compile/closings.ts', suites, [
  ['namespaceOf(other) !== namespaceOf(contribution) || ', '', 'a tenant closes the rules of another'],
  [
    "isLast && pathType === 'Exact' ? withoutSlash : expression",
    'expression',
    'an Exact path is closed by what goes on',
  ],
  ['!isAskedBefore(asked, plain)', 'false', 'what is asked before an expression is closed'],
  ['text.length === other.length ? text > other : ', '', 'of equal lengths none is asked first'],
  ['firstAsked(known.expression, expression)', 'expression', 'of several expressions the last one counts'],
  ['yield [place, false]', '', 'an expression that begins at the root closes nothing'],
])

const withheld = inFile('src/compile/withhold.ts', suites, [
  ["if (hasAlternatives(path)) return '/'", '', 'an alternative is taken for a part of what stands before it'],
  ["if (token === '|' && depth === 0)", "if (token === '|')", 'an alternative in parentheses counts as one outside'],
  ['if (effects.canary) return withholdAll(ingress)', '', 'a canary takes all'],
])

export const compileMutants: readonly Mutant[] = [...closings, ...withheld]
