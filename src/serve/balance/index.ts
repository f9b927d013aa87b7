export { RoundRobin } from './round-robin.ts'
export type { Candidates } from './round-robin.ts'
