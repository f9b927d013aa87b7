import { loseRealApiServer } from '../../cluster/exercises/api-outages.ts'
import { measureCluster } from '../../cluster/exercises/figures.ts'
import { inCluster } from '../../cluster/exercises/in-cluster.ts'
import { restartPods } from '../../cluster/exercises/rolling-restarts.ts'
import type { Scenario } from '../scenario.ts'

export const clusterOutages: Scenario = {
  name: 'cluster-outages',
  shows: 'a real API server that is killed, hangs, has lost its history or has older data costs no request',
  inNamespace: true,
  run: inCluster(loseRealApiServer),
}

export const clusterRestarts: Scenario = {
  name: 'cluster-restarts',
  shows: 'real pods that are replaced again and again under load: no GET fails, no POST arrives twice',
  inNamespace: true,
  run: inCluster(restartPods),
}

export const clusterFigures: Scenario = {
  name: 'cluster-figures',
  shows: 'how soon changes are live at 10 and at 2,000 Ingresses, and what these cost in memory and CPU',
  inNamespace: true,
  run: inCluster(measureCluster),
}
