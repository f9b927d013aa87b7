/** What a value is made of: the names of its fields, the forms of its elements, and the kinds of its scalars. */
export type Shape = string | readonly Shape[] | { readonly [field: string]: Shape }

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return distinct(value.map(shapeOf))
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields.map(([name, field]) => [name, shapeOf(field)]))
}

/** Where `value` has what no value of that shape has: paths of fields. */
export function strangers(value: Shape, known: Shape, path = ''): string[] {
  if (typeof value === 'string') return value === known ? [] : [`${path}: ${value}`]
  if (Array.isArray(value)) {
    const forms = Array.isArray(known) ? (known as readonly Shape[]) : []
    return value.flatMap((form: Shape) => {
      const found = forms.map((each) => strangers(form, each, `${path}[]`))
      return found.toSorted((a, b) => a.length - b.length)[0] ?? [`${path}[]`]
    })
  }
  if (typeof known === 'string' || Array.isArray(known)) return [path]
  const fields = known as { readonly [field: string]: Shape }
  return Object.entries(value).flatMap(([name, field]) => {
    const own = fields[name]
    return own === undefined ? [`${path}.${name}`] : strangers(field, own, `${path}.${name}`)
  })
}

function distinct(shapes: readonly Shape[]): readonly Shape[] {
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()]
}
