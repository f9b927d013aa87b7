import { createAssembly } from '../assembly.ts'
import type { Assembled, Assembly } from '../assembly.ts'
import { printable } from '../base/index.ts'
import { NoCluster } from '../kube/index.ts'
import type { Snapshot } from '../model/index.ts'
import { openSource } from '../open-source.ts'
import type { ServeOptions } from '../serve-options.ts'
import { requirePaths } from '../source/index.ts'
import { readClusterOptions } from './cluster-options.ts'
import type { FlagValues } from './flag-values.ts'
import type { Given } from './flags.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The part of the options that says which objects count. */
export type ObjectOptions = Pick<
  ServeOptions,
  | 'cluster'
  | 'paths'
  | 'standardInput'
  | 'backends'
  | 'echo'
  | 'ingressClasses'
  | 'controllerClasses'
  | 'onlyClasses'
  | 'withoutClass'
  | 'allowExternalName'
  | 'allowLoopback'
  | 'fromCluster'
  | 'defaultCertificate'
  | 'defaultBackend'
  | 'configMap'
  | 'trustedProxies'
>

/** Reads paths and the flags that go with them. Standard input is read here, once. Rejects with `PathNotFound`. */
export async function readObjectOptions(
  values: FlagValues,
  operands: Given['operands'],
  input: AsyncIterable<Buffer | string>,
): Promise<ObjectOptions> {
  const cluster = readClusterOptions(values)
  if (cluster !== undefined && operands.length > 0)
    throw new UsageError(`${operands[0]}: either paths or --kubernetes, not both`)
  if (cluster === undefined && operands.length === 0)
    throw new UsageError('a path is missing: a file, a folder, - for standard input, or --kubernetes')
  await requirePaths([
    ...operands.filter((path) => path !== '-'),
    ...(cluster?.kubeconfig === undefined ? [] : [cluster.kubeconfig]),
  ])
  return {
    cluster,
    paths: operands,
    standardInput: operands.includes('-') ? await readAll(input) : undefined,
    backends: values.backends,
    echo: values.on('echo'),
    ingressClasses: values.all('ingress-class'),
    controllerClasses: values.all('controller-class'),
    onlyClasses: values.all('only-class'),
    withoutClass: values.on('watch-ingress-without-class'),
    allowLoopback: cluster === undefined || values.on('allow-loopback-endpoints'),
    fromCluster: cluster !== undefined,
    allowExternalName: values.on('allow-external-name'),
    defaultCertificate: values.namespacedName('default-ssl-certificate'),
    defaultBackend: values.namespacedName('default-backend-service'),
    configMap: values.namespacedName('configmap'),
    trustedProxies: values.trustedProxies,
  }
}

/** A char an octet: what is not UTF-8 is found where files are read, and told in the same words. */
async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('latin1')
}

/** What `serve` would make of the files now. */
export async function assembleOnce(options: ObjectOptions, terminal: Terminal): Promise<Assembled> {
  const assembly = createAssembly(options)
  return assembly.rehearse(await readOnce(options, assembly, terminal), options.echo)
}

/** A cluster that does not answer at once is told of; a command does not wait for it as `serve` does. */
async function readOnce(options: ObjectOptions, assembly: Assembly, terminal: Terminal): Promise<Snapshot> {
  const { promise: fault, reject } = Promise.withResolvers<never>()
  const { source, client } = await openSource(options, {
    namedSecrets: (snapshot) => assembly.namedSecrets(snapshot),
    failed: (message) => reject(new UsageError(message)),
    missed: (message) => terminal.complain(printable(`lintel: ${message}`)),
  }).catch((error: unknown) => {
    throw error instanceof NoCluster ? new UsageError(error.message) : error
  })
  try {
    return await Promise.race([source.read(), fault])
  } finally {
    client?.close()
  }
}
