import { setTimeout as pause } from 'node:timers/promises'

const pace = 20

/** Asks a program outside again and again. The deadline only ends a hang. */
export async function untilTrue(what: string, ask: () => Promise<boolean>, deadline = 300_000): Promise<void> {
  const end = performance.now() + deadline
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${deadline / 1_000} s`)
    await pause(pace)
  }
}
