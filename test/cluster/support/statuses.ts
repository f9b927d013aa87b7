import type { KubeObject } from './resources.ts'

/** The addresses that an Ingress shows. */
export function entriesOf(ingress: KubeObject | undefined): string {
  const { loadBalancer } = Object(ingress?.['status']) as {
    loadBalancer?: { ingress?: readonly { readonly ip: string }[] }
  }
  return (loadBalancer?.ingress ?? []).map(({ ip }) => ip).join(' ')
}
