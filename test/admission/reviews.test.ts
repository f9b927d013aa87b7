import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { reviewBeside } from './reviews.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 300_000 }

test('a crowd of reviews, and of large ones, is answered, and control lives', onLinux, (t) =>
  holds(t, (course) => reviewBeside(course, { ingresses: 10, reviews: 50, crowd: 200, large: 8 }), times(1)),
)
