import { spawnSync } from 'node:child_process'

/**
 * Runs the tests of the codec, the router and the compiler, and prints which lines and branches of these they reach.
 * Exits with 1 if a test fails or less is reached than has to be.
 */
const folders = ['src/http', 'src/route', 'src/compile']
const tests = [...folders.map((folder) => `${folder}/**/*.test.ts`), 'test/fuzz/*.test.ts']
const least = 97

const { status } = spawnSync(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    '--experimental-test-coverage',
    ...folders.map((folder) => `--test-coverage-include=${folder}/**`),
    '--test-coverage-exclude=**/*.test.ts',
    `--test-coverage-lines=${least}`,
    `--test-coverage-branches=${least}`,
    ...tests,
  ],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
