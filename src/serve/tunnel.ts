import type { Deadlines } from '../base/index.ts'
import type { TunnelSide } from '../model/index.ts'

export interface Tunnel {
  destroy(): void
}

/**
 * Joins two sides octet for octet, each at the pace of the other. An end on one side is an end on the other; what has
 * been silent for too long is cut. A side that goes takes the other with it, unless both have ended: then what was
 * written last still leaves.
 */
export function joinTunnel(
  sides: readonly [client: TunnelSide, upstream: TunnelSide],
  deadlines: Deadlines,
  idle: number,
  closed: () => void,
): Tunnel {
  const destroy = (): void => {
    for (const side of sides) side.destroy()
  }
  const deadline = deadlines.watch(destroy)
  let open = 2
  let ended = 0
  const connect = (from: TunnelSide, to: TunnelSide): void =>
    from.open({
      data: (bytes, start, end) => {
        deadline.arm(idle)
        return to.write(bytes, start, end)
      },
      end: () => {
        ended++
        to.end()
      },
      drained: () => to.resume(),
      close: () => {
        if (ended < 2) to.destroy()
        if (--open > 0) return
        deadline.close()
        closed()
      },
    })
  deadline.arm(idle)
  queueMicrotask(() => {
    connect(sides[0], sides[1])
    connect(sides[1], sides[0])
  })
  return { destroy }
}
