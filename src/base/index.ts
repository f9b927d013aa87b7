export * from './clock.ts'
export * from './deadlines.ts'
