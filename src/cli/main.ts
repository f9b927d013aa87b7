import { runCommand } from './run-command.ts'

/** The one place that knows the arguments and streams of the process. */
const terminal = {
  input: process.stdin,
  print: (text: string) => console.log(text),
  complain: (text: string) => console.error(text),
}

process.exitCode = await runCommand(process.argv.slice(2), terminal)
if (process.title === 'lintel: supervisor') process.exit()
