import type { Course, Findings } from '../../failure/exercises/findings.ts'
import { makeCluster } from '../support/cluster.ts'
import type { Cluster } from '../support/cluster.ts'
import { welcomeLintel } from '../support/lintel-rights.ts'
import { enterOwnNamespace } from '../support/own-namespace.ts'

type Exercise = (cluster: Cluster, course: Course) => Promise<Findings>

/** An exercise in a cluster that is there for it alone. */
export function inCluster(exercise: Exercise): (course: Course) => Promise<Findings> {
  return async (course) => {
    enterOwnNamespace()
    const cluster = makeCluster()
    course.after(() => cluster.stop())
    await cluster.start()
    await welcomeLintel(cluster.admin)
    return exercise(cluster, course)
  }
}
