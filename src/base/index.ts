export * from './clock.ts'
export * from './deadlines.ts'
export * from './nearest.ts'
export * from './printable.ts'
