/** What is reviewed before a cluster stores it, and how. Plain data. */
export interface AdmissionOptions {
  readonly port: number
  /** What becomes of an object that claims a host and path that another one has. */
  readonly conflicts: 'warn' | 'refuse'
  /** Of the Service, the Secret and the ValidatingWebhookConfiguration. */
  readonly name: string
  /** Of the Service and the Secret; undefined: that of the context. */
  readonly namespace: string | undefined
}
