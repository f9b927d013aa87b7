import { buildNative, floorRelay, pathOfNative, reasonAgainstNative } from '../native-programs.ts'
import type { Candidate } from './candidate.ts'
import { defineCandidate } from './configured-program.ts'

/** What no proxy can go below: sockets alone. It reads no octet, so that it does not do the others' job. */
export const floor: Candidate = {
  ...defineCandidate({
    name: 'floor',
    program: pathOfNative(floorRelay),
    versionArguments: [],
    lacks: ['tls', 'memory'],
    configure: ({ backendPort }, ports) => {
      buildNative(floorRelay)
      return [String(ports.http), String(backendPort)]
    },
  }),
  isRelay: true,
  missing: reasonAgainstNative,
  version: () => 'native/floor.c',
}
