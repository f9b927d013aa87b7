import type { Diagnostic, ObjectRef } from '../model/index.ts'
import { ClassSelector } from './class-selection.ts'
import type { CompileOptions } from './compile-options.ts'
import { contribute } from './contribution.ts'
import type { Contribution } from './contribution.ts'
import type { IngressClassObject, IngressIdentity, IngressObject } from './kinds/index.ts'
import type { Config } from './read-config.ts'

/** The Ingresses that are ours, in the order of their names; what there is to say of all; and those of somebody else. */
export interface Selected {
  readonly contributions: readonly Contribution[]
  readonly diagnostics: readonly Diagnostic[]
  readonly accepted: readonly ObjectRef[]
  readonly foreign: readonly ObjectRef[]
}

export interface Selectable {
  readonly ingresses: readonly IngressObject[]
  readonly classes: readonly IngressClassObject[]
}

/** What became of one Ingress, and by which classes and which ConfigMap. */
interface Choice {
  readonly by: ClassSelector
  readonly config: Config
  readonly contribution: Contribution | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Chooses the Ingresses that are ours. What was chosen is kept as long as the Ingress, all classes and the ConfigMap are the same. */
export class Selector {
  readonly #options: CompileOptions
  readonly #choices = new WeakMap<IngressObject, Choice>()
  #classes: { readonly objects: readonly IngressClassObject[]; readonly by: ClassSelector } | undefined
  #last: (Selectable & { readonly config: Config; readonly selected: Selected }) | undefined

  constructor(options: CompileOptions) {
    this.#options = options
  }

  select({ ingresses, classes }: Selectable, config: Config): Selected {
    const last = this.#last
    if (last?.ingresses === ingresses && last.classes === classes && last.config === config) return last.selected
    const by = this.#byClasses(classes)
    const choices = ingresses.map((ingress) => this.#chooseOnce(ingress, by, config))
    const contributions = choices.flatMap(({ contribution }) => contribution ?? [])
    const selected = {
      contributions,
      diagnostics: choices.filter(({ diagnostics }) => diagnostics.length > 0).flatMap((choice) => choice.diagnostics),
      accepted: contributions.map(({ ingress }) => ingress.ref),
      foreign: ingresses.filter((_, at) => choices[at]?.contribution === undefined).map(({ ref }) => ref),
    }
    this.#last = { ingresses, classes, config, selected }
    return selected
  }

  claims(classes: readonly IngressClassObject[], ingress: IngressIdentity): boolean {
    return this.#byClasses(classes).select(ingress).dialect !== undefined
  }

  #byClasses(objects: readonly IngressClassObject[]): ClassSelector {
    if (this.#classes?.objects !== objects) this.#classes = { objects, by: new ClassSelector(objects, this.#options) }
    return this.#classes.by
  }

  #chooseOnce(ingress: IngressObject, by: ClassSelector, config: Config): Choice {
    const kept = this.#choices.get(ingress)
    if (kept?.by === by && kept.config === config) return kept
    const choice = this.#choose(ingress, by, config, kept?.contribution)
    this.#choices.set(ingress, choice)
    return choice
  }

  #choose(ingress: IngressObject, by: ClassSelector, config: Config, kept: Contribution | undefined): Choice {
    const { dialect, diagnostics } = by.select(ingress)
    if (dialect === undefined) return { by, config, contribution: undefined, diagnostics }
    const same = kept?.dialect === dialect && kept.config === config
    const contribution = same ? kept : contribute(ingress, dialect, config)
    return { by, config, contribution, diagnostics: [...diagnostics, ...contribution.diagnostics] }
  }
}
