import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundles } from './bundles.ts';
import { data } from './data.ts';
import { benchmarksDocument, describeCircumstances, type Section } from './document.ts';
import { features } from './features.ts';
import { journey } from './journey.ts';
import { type Bench, figure, meetsLimit, smallest } from './measurement.ts';
import { operations } from './operations.ts';
import { rootDir } from './repository-copy.ts';
import { serving } from './serving.ts';
import { start } from './start.ts';
import { tracking } from './tracking.ts';

const benches: readonly Bench[] = [start, journey, serving, operations, tracking, data, features, bundles];
const documentFile = path.join(rootDir, 'docs', 'benchmarks.md');
const names = benches.map(({ name }) => name).join(', ');

const usage = `Measures the laptop platform and writes docs/benchmarks.md.

Usage: npm run bench -- [options] [PART …]

  PART    one part, and no document: ${names}
  --json  print the measurements as one JSON document
  --help  this text

Exit code 1 when a limit is missed. Takes some minutes; leave the machine alone meanwhile.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown !== undefined) throw new Error(`There is no part '${unknown}'. Parts are ${names}.`);
  const circumstances = describeCircumstances(new Date());
  const sections: Section[] = [];
  for (const bench of benches) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
    sections.push(await measure(bench));
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ circumstances, sections }, undefined, 2)}\n`);
  if (positionals.length === 0) writeFileSync(documentFile, benchmarksDocument(circumstances, sections));
  return sections.flatMap(({ measurements }) => measurements).every(meetsLimit) ? 0 : 1;
}

async function measure(bench: Bench): Promise<Section> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(bench.title);
  const measurements = await bench.run((line) => say(`  … ${line}`));
  for (const measurement of measurements) {
    const { title, unit, values, limit } = measurement;
    const mark = limit === undefined ? ' ' : meetsLimit(measurement) ? '✓' : '✗';
    const allowed = limit === undefined ? '' : ` (limit ${limit} ${unit})`;
    say(`  ${mark} ${title}: ${figure(smallest(values))} ${unit}${allowed}`);
  }
  return { bench, measurements };
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
