import { Assembly } from '../assembly.ts'
import type { Assembled } from '../assembly.ts'
import { kinds } from '../compile/index.ts'
import { compileOptionsOf } from '../serve-options.ts'
import type { ServeOptions } from '../serve-options.ts'
import { FilesSource, readStandIn, requirePaths } from '../source/index.ts'
import { systemClock } from '../system-clock.ts'
import type { FlagValues } from './flag-values.ts'
import type { Given } from './flags.ts'
import { UsageError } from './usage-error.ts'

/** The part of the options that says which objects count. */
export type ObjectOptions = Pick<
  ServeOptions,
  | 'paths'
  | 'standardInput'
  | 'backends'
  | 'echo'
  | 'ingressClasses'
  | 'controllerClasses'
  | 'onlyClasses'
  | 'allowExternalName'
  | 'defaultCertificate'
>

/** Reads paths and the flags that go with them. Standard input is read here, once. Rejects with `PathNotFound`. */
export async function readObjectOptions(
  values: FlagValues,
  operands: Given['operands'],
  input: AsyncIterable<Buffer | string>,
): Promise<ObjectOptions> {
  if (operands.length === 0) throw new UsageError('a path is missing: a file, a folder, or - for standard input')
  await requirePaths(operands.filter((path) => path !== '-'))
  return {
    paths: operands,
    standardInput: operands.includes('-') ? await readAll(input) : undefined,
    backends: values.backends,
    echo: values.on('echo'),
    ingressClasses: values.all('ingress-class'),
    controllerClasses: values.all('controller-class'),
    onlyClasses: values.all('only-class'),
    allowExternalName: values.on('allow-external-name'),
    defaultCertificate: values.secretName,
  }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

/** Where an echo server would listen, when none is started: the port of the echo service (RFC 862). */
const echoPort = 7

/** What `serve` would make of the files now. */
export async function assembleOnce(options: ObjectOptions): Promise<Assembled> {
  const { paths, standardInput, backends, echo } = options
  const source = new FilesSource({ paths, standardInput }, kinds, () => undefined, systemClock)
  const snapshot = await source.read()
  const assembly = new Assembly(
    compileOptionsOf(options),
    backends.flatMap((text) => readStandIn(text) ?? []),
  )
  const echoKeys = echo ? assembly.echoKeys(snapshot) : []
  return assembly.assemble(snapshot, new Map(echoKeys.map((key) => [key, echoPort])))
}
