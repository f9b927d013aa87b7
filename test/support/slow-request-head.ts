import { chunked } from '../../src/http/index.ts'
import type { HeadLimits } from '../../src/http/index.ts'

/** What a reader makes of a request head. */
export interface Reading {
  readonly target: string
  readonly host: string | undefined
  readonly body: number
  readonly lines: string
}

interface Field {
  readonly name: string
  readonly text: string
}

const requestLine = /^(?!CONNECT |TRACE )[\w!#$%&'*+.^`|~-]+ ([!-"$-~]+) HTTP\/1\.([01])$/
const targetForm = /^(?:https?:\/\/([\w.:~-]+)(?=[/?]|$)|(?=\/))(?:[/?].*)?$/i
const fieldLine = /^([\w!#$%&'*+.^`|~-]+):[\t ]*((?:[\t -~\u{80}-\u{FF}]*[!-~\u{80}-\u{FF}])?)[\t ]*$/u
const hostForm = /^(?:[\w.~-]+(?::\d{1,4})?)?$/
const never =
  /^(?:connection|http2-settings|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|expect|host|forwarded|proxy|x-real-ip|x-request-id|x-scheme|x-rewrite-url|x-forwarded-.*|x-original-.*|ssl-client-.*|x-lintel-.*)$/

/** The obvious reader: whole lines, regular expressions, lists; undefined refuses. Hosts are names or IPv4 addresses. */
export function readHeadSlowly(text: string, limits: HeadLimits): Reading | undefined {
  if (!text.endsWith('\r\n\r\n') || text.length > limits.head) return undefined
  const [first = '', ...rest] = text.slice(0, -4).split('\r\n')
  const fields = rest.map(readField)
  const [line, target = '', minor] = requestLine.exec(first) ?? []
  if (line === undefined || line.length + 2 > limits.requestLine || fields.length > limits.fields) return undefined
  return fields.includes(undefined)
    ? undefined
    : readWhole(
        target,
        fields.filter((field) => field !== undefined),
        minor === '1',
      )
}

function readField(line: string): Field | undefined {
  const [whole, name = '', text = ''] = fieldLine.exec(line) ?? []
  return whole === undefined ? undefined : { name, text }
}

function readWhole(target: string, fields: readonly Field[], current: boolean): Reading | undefined {
  const all = (name: string): string[] => valuesOf(fields, name)
  const body = bodyOf(all('content-length'), all('transfer-encoding'), current)
  const host = hostOf(target, all('host'), current)
  if (body === undefined || host === null || !isExpectable(all('expect'), current)) return undefined
  const nominated = all('connection').flatMap((list) => list.split(',').map((option) => option.trim().toLowerCase()))
  const kept = fields.filter(({ name }) => !isNever(name) && !nominated.includes(name.toLowerCase()))
  return { target, host, body, lines: kept.map(({ name, text }) => `${name}: ${text}\r\n`).join('') }
}

function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter((field) => field.name.toLowerCase() === name).map(({ text }) => text)
}

function isNever(name: string): boolean {
  return name.includes('_') || never.test(name.toLowerCase().replaceAll(/[^\da-z]/g, '-'))
}

function isExpectable(values: readonly string[], current: boolean): boolean {
  return values.length < 2 && (!current || values.every((text) => text.toLowerCase() === '100-continue'))
}

function bodyOf(lengths: readonly string[], codings: readonly string[], current: boolean): number | undefined {
  if (lengths.length + codings.length > 1) return undefined
  const [length = '0'] = lengths
  const [coding] = codings
  if (coding !== undefined) return coding.toLowerCase() === 'chunked' && current ? chunked : undefined
  return /^(?:0|[1-9]\d{0,14})$/.test(length) ? Number(length) : undefined
}

/** null refuses. */
function hostOf(target: string, hosts: readonly string[], current: boolean): string | undefined | null {
  const form = targetForm.exec(target)
  if (form === null || hosts.length > 1 || (current && hosts.length === 0)) return null
  const said = [...hosts, ...form.slice(1).filter((host) => host !== undefined)].map((host) => host.toLowerCase())
  return said.every((host) => hostForm.test(host) && host === said[0]) ? said[0] : null
}
