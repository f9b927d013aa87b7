export { Publisher } from './publisher.ts'
export type { PublishOptions } from './publish-options.ts'
