import { test } from 'node:test'

import { times } from '../failure/exercises/findings.ts'
import { holds } from '../failure/holds.ts'
import { reviewBeside } from './reviews.ts'

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc', timeout: 300_000 }

test('a crowd of reviews, and of large ones, is answered, and control lives', onLinux, (t) =>
  holds(t, (course) => reviewBeside(course, { ingresses: 10, reviews: 20, crowd: 100, large: 4 }), times(1)),
)
