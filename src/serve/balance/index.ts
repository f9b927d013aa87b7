export { RoundRobin } from './round-robin.ts'
