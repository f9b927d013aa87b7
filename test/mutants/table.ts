import { codecMutants } from './codec-mutants.ts'
import { compileMutants } from './compile-mutants.ts'
import type { Mutant } from './mutant.ts'
import { routeMutants } from './route-mutants.ts'
import { serveMutants } from './serve-mutants.ts'

export const mutants: readonly Mutant[] = [...codecMutants, ...compileMutants, ...routeMutants, ...serveMutants]
