import { printable } from './base/index.ts'
import { namespacedName } from './model/index.ts'
import type { Diagnostic } from './model/index.ts'

/** `FILE:LINE:COLUMN  CODE  message`, and the hint below it. */
export function printDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, code, message, hint, object } = diagnostic
  const place = file === undefined ? `${object.kind} ${namespacedName(object)}` : `${file}:${line}:${column}`
  return `${printable(`${place}  ${code}  ${message}`)}\n    ${printable(hint)}`
}
