import type { Scenario } from '../scenario.ts'
import { apiOutages } from './api-outages.ts'
import { bodies } from './bodies.ts'
import {
  clusterFigures,
  clusterLeaders,
  clusterMutations,
  clusterOutages,
  clusterReplicas,
  clusterRestarts,
} from './clusters.ts'
import { connectionFlood } from './connection-flood.ts'
import { controlKills } from './control-kills.ts'
import { edits } from './edits.ts'
import { endpoints } from './endpoints.ts'
import { fuzzing } from './fuzzing.ts'
import { gracefulStops } from './graceful-stops.ts'
import { hostileManifests } from './hostile-manifests.ts'
import { pinnedMemory } from './pinned-memory.ts'
import { reviews } from './reviews.ts'
import { rotation } from './rotation.ts'
import { slowClients } from './slow-clients.ts'
import { slowReaders } from './slow-readers.ts'
import { steady } from './steady.ts'
import { trickles } from './trickles.ts'
import { workerKills } from './worker-kills.ts'

/** A file and a line each. */
export const scenarios: readonly Scenario[] = [
  bodies,
  workerKills,
  controlKills,
  apiOutages,
  edits,
  rotation,
  gracefulStops,
  fuzzing,
  endpoints,
  steady,
  connectionFlood,
  pinnedMemory,
  slowClients,
  slowReaders,
  trickles,
  hostileManifests,
  reviews,
  clusterOutages,
  clusterRestarts,
  clusterReplicas,
  clusterLeaders,
  clusterMutations,
  clusterFigures,
]
