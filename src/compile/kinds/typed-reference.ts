import type { Cursor } from '../decode.ts'
import { isSubdomain } from '../names.ts'

/** Checks a reference to an object of any kind: it may not exist, but its names must fit into a URL of the API. */
export function checkTypedReference(at: Cursor): void {
  for (const name of ['kind', 'name']) checkSegment(at, name)
  const group = at.at('apiGroup')
  const text = group.string() ?? ''
  if (text !== '' && !isSubdomain(text)) group.refuse(`"${text}" is not a DNS subdomain`, 'Name an API group.')
}

function checkSegment(reference: Cursor, name: string): void {
  const at = reference.at(name)
  at.require(reference, name, `Write the ${name} of the object that is referred to.`)
  const text = at.string()
  if (text === '') at.refuse('empty', `Write the ${name} of the object that is referred to.`)
  else if (text === '.' || text === '..' || (text !== undefined && /[/%]/.test(text)))
    at.refuse(`"${text}" contains what no path segment may`, 'Use a plain name.')
}
