import { metrics } from '../src/admin/index.ts'
import { printTable } from './print-table.ts'

/** docs/metrics.md: every metric, from the list that /metrics is made of. */
export function printMetricPage(): string {
  const rows = metrics.map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(' '),
    help,
  ])
  return `${head}\n${printTable(['metric', 'type', 'labels', 'meaning'], rows)}`
}

const head = `# Health and metrics

This page is made by \`node tools/print-metrics.ts > docs/metrics.md\`; a test fails if it is out of date.

\`--healthz-port\` (in a cluster 10254, from files none) answers GET and HEAD:

- \`/livez\`: 200 as long as the control process works. Give it to the liveness probe.
- \`/readyz\`: 200 once all workers have a table, until SIGTERM; otherwise 503. An API server that is away does not change it. Give
  it to the readiness and the startup probe.
- \`/healthz\`: the same as \`/readyz\`, under the name that charts for ingress-nginx use for both probes.
- \`/metrics\`: what follows, in the text format 0.0.4 of Prometheus.
- \`/explain\`: what \`lintel explain --admin\` asks. Only for this machine, \`kubectl port-forward\` included, since it shows objects.

After SIGTERM \`/readyz\` is 503 at once; connections are accepted for \`--drain-delay\` longer, and the port answers until the last
worker has ended.

Counters add up what the processes of a worker have counted, so the death of one makes none fall; what it had not told yet, a
second at most, is lost. They begin at zero when the control process is started again. \`worker\` is the number of the worker, not
of its process. No label comes from a client. A combination of \`class\` and \`reason\` that never occurred has no sample. Of
\`class\`, \`none\` means that the client got no head.
`

if (import.meta.main) process.stdout.write(printMetricPage())
