import type { Course } from '../../failure/exercises/findings.ts'
import { startLoadUpstream } from '../../support/load-upstream.ts'
import type { LoadUpstream } from '../../support/load-upstream.ts'
import type { Cluster } from '../support/cluster.ts'
import { claim } from '../support/replica.ts'
import { makeRoute, makeStandingService } from '../support/routes.ts'

/** A namespace and class, and in it `load.test`, which goes to the one right answer of the load client. */
export async function openLoadRoute(
  cluster: Cluster,
  course: Pick<Course, 'after'>,
  namespace: string,
  address: string,
): Promise<LoadUpstream> {
  await claim(cluster, namespace)
  const upstream = await startLoadUpstream({ address })
  course.after(() => upstream.close())
  const route = makeRoute('load', namespace, 'load.test')
  for (const object of [...makeStandingService('load', namespace, [address], upstream.port), route])
    await cluster.admin.create(object)
  return upstream
}
