import os from 'node:os';
import { type Bench, figure, type Measurement, meetsLimit, smallest } from './measurement.ts';

/** A bench that was run, and what it found. */
export interface Section {
  readonly bench: Bench;
  readonly measurements: readonly Measurement[];
}

/** The machine and the moment, for the head of the document. */
export interface Circumstances {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** One-minute load average before the first run; other work on the machine makes every figure worse. */
  readonly loadAverage: number;
}

export function describeCircumstances(now: Date): Circumstances {
  const [cpu] = os.cpus();
  return {
    date: now.toISOString().slice(0, 10),
    processor: cpu?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 1024 ** 3),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    loadAverage: os.loadavg()[0] ?? Number.NaN,
  };
}

/** The document that `npm run bench` writes. */
export function benchmarksDocument(circumstances: Circumstances, sections: readonly Section[]): string {
  const { date, processor, cores, memoryGb, system, node, loadAverage } = circumstances;
  return [
    '# Benchmarks',
    '',
    `Written by \`npm run bench\` on ${date}. Machine: ${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node.js ${node}; load average ${figure(loadAverage)} before the first run.`,
    '',
    'Each figure is the smallest of its runs, which is the one that other work on the machine disturbed least; the runs stand beside it.',
    ...sections.flatMap(sectionLines),
    '',
  ].join('\n');
}

function sectionLines({ bench, measurements }: Section): string[] {
  return ['', `## ${bench.title}`, '', bench.method, '', ...tableLines(measurements)];
}

function tableLines(measurements: readonly Measurement[]): string[] {
  const rows = measurements.map((measurement) => {
    const { title, unit, values, limit } = measurement;
    const allowed =
      limit === undefined ? '' : `≤ ${limit} ${unit}${meetsLimit(measurement) ? '' : ' **missed**'}`;
    const runs = values.length > 1 ? values.map(figure).join(' · ') : '';
    return `| ${title} | ${figure(smallest(values))} ${unit} | ${allowed} | ${runs} |`;
  });
  return ['| | smallest | limit | runs |', '|---|---:|---:|---|', ...rows];
}
