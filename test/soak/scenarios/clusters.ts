import { loseRealApiServer } from '../../cluster/exercises/api-outages.ts'
import { measureCluster } from '../../cluster/exercises/figures.ts'
import { inCluster } from '../../cluster/exercises/in-cluster.ts'
import { killLeaders } from '../../cluster/exercises/leader-kills.ts'
import { mutateObjects } from '../../cluster/exercises/mutated-objects.ts'
import { replaceReplicas } from '../../cluster/exercises/rolling-replacement.ts'
import { restartPods } from '../../cluster/exercises/rolling-restarts.ts'
import type { Scenario } from '../scenario.ts'

export const clusterOutages: Scenario = {
  name: 'cluster-outages',
  shows:
    'a real API server that is killed, hangs, has lost its history or has older data costs no request, nor do connections that are cut, held up or slow',
  inNamespace: true,
  run: inCluster((cluster, course) => loseRealApiServer(cluster, course, 60)),
}

export const clusterRestarts: Scenario = {
  name: 'cluster-restarts',
  shows: 'real pods that are replaced again and again under load: no GET fails, no POST arrives twice',
  inNamespace: true,
  // 100,000 POSTs take five and a half, and the start of a cluster is a part of them.
  minutes: 7,
  run: inCluster((cluster, course) =>
    restartPods(cluster, course, { gets: 200, posts: 300, least: { restarts: 20, posts: 100_000 } }),
  ),
}

export const clusterFigures: Scenario = {
  name: 'cluster-figures',
  shows: 'how soon changes are live at 10 and at 2,000 Ingresses, and what these cost in memory, and a change in CPU',
  inNamespace: true,
  run: inCluster(measureCluster),
}

export const clusterReplicas: Scenario = {
  name: 'cluster-replicas',
  shows: 'two replicas that are replaced again and again behind a balancer cost no request',
  inNamespace: true,
  run: inCluster(replaceReplicas),
}

export const clusterLeaders: Scenario = {
  name: 'cluster-leaders',
  shows: 'a leader that is killed is followed within 17 s, and the traffic of the other notices nothing',
  inNamespace: true,
  run: inCluster(killLeaders),
}

export const clusterMutations: Scenario = {
  name: 'cluster-mutations',
  shows: '2,000 mutated objects among 100 good ones: good routes stay, and each refusal is told once',
  inNamespace: true,
  run: inCluster((cluster, course) => mutateObjects(cluster, course, { objects: 2_000, seed: 1 })),
}
