import type { CompileOptions } from '../../src/compile/index.ts'

/** Compile as it is without any flag, from files. */
export const compileOptions: CompileOptions = {
  ingressClasses: [],
  controllerClasses: [],
  onlyClasses: [],
  withoutClass: false,
  allowExternalName: false,
  allowLoopback: true,
  fromCluster: false,
  defaultCertificate: undefined,
  defaultBackend: undefined,
  configMap: undefined,
  trustedProxies: [],
  selfMade: undefined,
}
