import { reviewBeside } from '../../admission/reviews.ts'
import { combine } from '../../failure/exercises/findings.ts'
import type { Scenario } from '../scenario.ts'

export const reviews: Scenario = {
  name: 'reviews',
  shows: 'what a review costs at 10 and at 2,000 Ingresses; that a thousand at once, and large ones, are answered',
  minutes: 1,
  run: async (course) => {
    const beside = (ingresses: number): ReturnType<typeof reviewBeside> =>
      reviewBeside(course, { ingresses, reviews: 300, crowd: 1_000, large: 64 })
    return combine([await beside(10), await beside(2_000)])
  },
}
