#!/usr/bin/env node
// Plain JavaScript, since an old Node has to be able to read it: starts Lintel, under the runtime of the checkout
// where the machine's own Node is too old to run TypeScript as it is.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']

async function startUnder(runtime) {
  const { spawn } = await import('node:child_process')
  const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
  const child = spawn(runtime, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

if (major > 24 || (major === 24 && minor >= 12)) await import('../src/cli/main.ts')
else {
  const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (existsSync(pinned)) await startUnder(pinned)
  else {
    console.error(`lintel needs Node 24.12 or newer, this is ${process.versions.node}. In a checkout run: npm ci`)
    process.exit(2)
  }
}
