import { nearest } from '../base/index.ts'
import { diagnose } from '../model/index.ts'
import type { Diagnostic, Dialect } from '../model/index.ts'
import type { CompileOptions } from './compile-options.ts'
import type { IngressClassObject, IngressIdentity } from './kinds/index.ts'

export const lintelController = 'lintel.dev/ingress-controller'
export const ingressNginxController = 'k8s.io/ingress-nginx'
const classAnnotation = 'kubernetes.io/ingress.class'

/** Whether an Ingress is ours and how it is read: no dialect means that somebody else serves it, or nobody. */
export interface Selection {
  readonly dialect: Dialect | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Decides by the class of an Ingress. Made anew for each set of IngressClass objects. */
export class ClassSelector {
  readonly #options: CompileOptions
  readonly #classes: ReadonlyMap<string, IngressClassObject>

  constructor(classes: readonly IngressClassObject[], options: CompileOptions) {
    this.#options = options
    this.#classes = new Map(classes.map((object) => [object.ref.name, object]))
  }

  select(ingress: IngressIdentity): Selection {
    const field = ingress.className
    const annotation = ingress.annotations.get(classAnnotation)
    if (field !== undefined && annotation !== undefined && field !== annotation)
      return this.#selectConflicting(ingress, field, annotation)
    if (field !== undefined)
      return this.#selectNamed(ingress, field, this.#dialectOfField(field), 'spec.ingressClassName')
    const place = `metadata.annotations.${classAnnotation}`
    if (annotation !== undefined)
      return this.#selectNamed(ingress, annotation, this.#dialectOfAnnotation(annotation), place)
    return this.#selectUnnamed(ingress)
  }

  #selectConflicting(ingress: IngressIdentity, field: string, annotation: string): Selection {
    const byField = this.#dialectOfField(field) === 'ingress-nginx'
    const decides = byField ? 'the field' : 'the annotation'
    const conflict = diagnose(
      'ClassConflict',
      { object: ingress.ref, field: 'spec.ingressClassName' },
      {
        message: `ingressClassName is ${field}, the annotation ${classAnnotation} is ${annotation}: ${decides} decides`,
        hint: 'Remove the annotation; it is deprecated.',
      },
    )
    const chosen = byField
      ? this.#selectNamed(ingress, field, 'ingress-nginx', 'spec.ingressClassName')
      : this.#selectNamed(
          ingress,
          annotation,
          this.#dialectOfAnnotation(annotation),
          `metadata.annotations.${classAnnotation}`,
        )
    return { dialect: chosen.dialect, diagnostics: [conflict, ...chosen.diagnostics] }
  }

  #selectNamed(ingress: IngressIdentity, name: string, dialect: Dialect | undefined, field: string): Selection {
    const wanted = this.#options.onlyClasses.length === 0 || this.#options.onlyClasses.includes(name)
    if (dialect !== undefined && wanted) return { dialect, diagnostics: [] }
    const hint = wanted ? this.#hintFor(name) : `Only ${this.#options.onlyClasses.join(', ')} is served (--only-class).`
    const text = { message: `class "${name}" is not served here`, hint }
    return { dialect: undefined, diagnostics: [diagnose('ClassNotServed', { object: ingress.ref, field }, text)] }
  }

  #hintFor(name: string): string {
    if (this.#classes.has(name)) {
      const served = [lintelController, ingressNginxController, ...this.#options.controllerClasses]
      return `Its IngressClass names a controller that is not served here; served are ${served.join(', ')}.`
    }
    const near = nearest(name, [...this.#classes.keys(), ...this.#options.ingressClasses, ...this.#wellKnown])
    if (near !== undefined) return `Is ${near} meant?`
    if (this.#classes.size > 0)
      return `There is no IngressClass of that name; there are ${[...this.#classes.keys()].join(', ')}.`
    return 'Use lintel or nginx, add an IngressClass object, or say --ingress-class.'
  }

  /** Names that need no IngressClass object, as long as there is none. */
  get #wellKnown(): readonly string[] {
    return this.#classes.size === 0 ? ['lintel', 'nginx'] : []
  }

  #selectUnnamed(ingress: IngressIdentity): Selection {
    const place = { object: ingress.ref, field: 'spec.ingressClassName' }
    const standard = this.#defaultClass
    if (standard !== undefined)
      return this.#selectNamed(ingress, standard.ref.name, this.#dialectOfController(standard.controller), place.field)
    const { fromCluster, onlyClasses, withoutClass } = this.#options
    if (withoutClass) return { dialect: 'ingress-nginx', diagnostics: [] }
    if (!fromCluster && this.#classes.size === 0 && onlyClasses.length === 0) {
      const text = {
        message: 'names no class; it is read as the API specifies',
        hint: 'Write ingressClassName: lintel, or nginx to have it read as ingress-nginx did. In a cluster it would not be served.',
      }
      return { dialect: 'spec', diagnostics: [diagnose('ClassMissing', place, text)] }
    }
    const text = { message: 'names no class, and no class of ours is the default one', hint: 'Write ingressClassName.' }
    return { dialect: undefined, diagnostics: [diagnose('ClassNotServed', place, text)] }
  }

  /** The newest class that is marked as default, then the first by name. */
  get #defaultClass(): IngressClassObject | undefined {
    const marked = [...this.#classes.values()].filter(({ isDefault }) => isDefault)
    return marked.toSorted((a, b) => b.created - a.created || (a.ref.name < b.ref.name ? -1 : 1))[0]
  }

  #dialectOfField(name: string): Dialect | undefined {
    const object = this.#classes.get(name)
    if (object !== undefined) return this.#dialectOfController(object.controller)
    if (this.#options.ingressClasses.includes(name)) return 'ingress-nginx'
    return this.#classes.size === 0 ? dialectOfWellKnownName(name) : undefined
  }

  /** The annotation needs no IngressClass object. */
  #dialectOfAnnotation(name: string): Dialect | undefined {
    return this.#classes.has(name)
      ? this.#dialectOfField(name)
      : (this.#dialectOfField(name) ?? dialectOfWellKnownName(name))
  }

  #dialectOfController(controller: string): Dialect | undefined {
    if (controller === lintelController) return 'spec'
    return controller === ingressNginxController || this.#options.controllerClasses.includes(controller)
      ? 'ingress-nginx'
      : undefined
  }
}

function dialectOfWellKnownName(name: string): Dialect | undefined {
  if (name === 'lintel') return 'spec'
  return name === 'nginx' ? 'ingress-nginx' : undefined
}
