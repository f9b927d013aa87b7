import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  Schema,
  seqTag,
  strTag,
} from 'js-yaml'

/**
 * YAML as kubectl reads it: yes, no, on, off are booleans, 010 is 8, `<<` merges, times and sexagesimal numbers are
 * text. Maps have no prototype, and keys that are no strings become strings.
 */
const integer = /^[-+]?(0b[01_]+|0o?[0-7_]+|0x[\da-f_]+|0|[1-9][\d_]*)$/i
const float = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i

const intTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: '-+0123456789'.split(''),
  resolve: (source) => (integer.test(source) ? readInteger(source.replaceAll('_', '')) : NOT_RESOLVED),
  identify: () => false,
})

function readInteger(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '').toLowerCase()
  if (digits.startsWith('0b')) return sign * Number.parseInt(digits.slice(2), 2)
  if (digits.startsWith('0x')) return sign * Number.parseInt(digits.slice(2), 16)
  return (
    sign *
    (digits.length > 1 && digits.startsWith('0')
      ? Number.parseInt(digits.replace(/^0o?/, '') || '0', 8)
      : Number(digits))
  )
}

const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: '-+.0123456789'.split(''),
  resolve: (source) => {
    const digits = source.replaceAll('_', '')
    return float.test(digits) && /^[-+]?[\d.]/.test(source) ? Number(digits) : NOT_RESOLVED
  },
  identify: () => false,
})

/** The parser does not say where. */
export const keyIsNoWord = 'a key has to be a word'

/** Without prototype. */
type Carrier = Record<string, unknown>

const mapTag = defineMappingTag<Carrier>('tag:yaml.org,2002:map', {
  create: () => ({ __proto__: null }),
  addPair: (carrier, key, value) => {
    if (isCollection(key)) return keyIsNoWord
    carrier[String(key)] = value
    return ''
  },
  has: (carrier, key) => !isCollection(key) && Object.hasOwn(carrier, String(key)),
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => carrier[String(key)],
  identify: () => false,
})

function isCollection(key: unknown): key is object {
  return typeof key === 'object' && key !== null
}

export const kubectlSchema: Schema = new Schema([
  strTag,
  nullYaml11Tag,
  boolYaml11Tag,
  intTag,
  floatTag,
  mergeTag,
  seqTag,
  mapTag,
])
