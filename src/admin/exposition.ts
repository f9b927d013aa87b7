import type { Facts } from './facts.ts'
import type { Metric, Sample } from './metric.ts'

/** What scrapers know the format by: Prometheus text exposition format, version 0.0.4. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** Every family with its head, also where it has no sample now. */
export function printExposition(metrics: readonly Metric[], facts: Facts): string {
  return metrics.map((metric) => printFamily(metric, metric.samples(facts))).join('')
}

function printFamily({ name, type, help, labels }: Metric, samples: readonly Sample[]): string {
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`
  return head + samples.map((sample) => `${name}${printLabels(labels, sample.labels)} ${sample.value}\n`).join('')
}

function printLabels(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return ''
  return `{${names.map((name, at) => `${name}="${escapeValue(values[at] ?? '')}"`).join(',')}}`
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`)
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', String.raw`\"`)
}
