import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '../../cli/client.ts';
import { exampleFile } from '../../cli/commands/example.ts';
import { readCsv } from '../../cli/rows.ts';
import { startPlatform } from '../../demo/platform.ts';
import { readAssembly } from '../../local/cloudformation/index.ts';
import { settled } from './counters.ts';
import { countCustomMetrics } from './function-logs.ts';
import { Meter } from './meter.ts';
import { measureUnits } from './scenario.ts';

const usage = `Counts what uploads, trainings, releases and predictions ask of AWS, on a laptop platform of its own.

Usage: npm run cost:measure -- [options]

  --keep DIR   keep the platform's data and the recorded calls in DIR
  --help       this text

Writes scripts/cost/data/measurements.json, from which npm run cost computes. Takes some minutes.
`;

const outputFile = path.join(import.meta.dirname, '../data/measurements.json');
/** Longer than anything that the platform waits for by itself. */
const quietMs = 6000;
/** The second of the scenario, which predicts. */
const measuredModelVersion = 2;

async function measure(folder: string): Promise<void> {
  const [dataDir, recordDir] = [path.join(folder, 'data'), path.join(folder, 'record')];
  process.env['MILLRACE_RECORD_DIR'] = recordDir;
  const platform = await startPlatform(dataDir);
  const stop = () => void platform.stop().then(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const units = await measureUnits({
      client: createClient({ platformUrl: platform.url, predictionUrl: platform.url }),
      meter: new Meter(dataDir, recordDir, { quietMs }),
      say: (line) => void process.stderr.write(`  … ${line}\n`),
      hourlyFunctions: scheduledFunctions(dataDir),
    });
    const uploadFile = exampleFile('data/shifted-upload.csv');
    const document = {
      measuredOn: new Date().toISOString().slice(0, 10),
      machine: `${process.platform} ${process.arch}, Node.js ${process.version}`,
      upload: { bytes: statSync(uploadFile).size, rows: readCsv(uploadFile).length },
      customMetricsPerModelVersion: countCustomMetrics(dataDir, measuredModelVersion),
      units: Object.fromEntries(Object.entries(units).map(([name, counted]) => [name, settled(counted)])),
    };
    writeFileSync(outputFile, `${JSON.stringify(document, undefined, 2)}\n`);
  } finally {
    await platform.stop();
  }
}

/** Names of the functions that schedules call, from the templates that run. */
function scheduledFunctions(dataDir: string): string[] {
  return readAssembly(path.join(dataDir, 'cdk.out'))
    .stacks.flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === 'AWS::Scheduler::Schedule')
    .map(({ Properties }) => String(Properties['Name']));
}

const { values } = parseArgs({
  options: { keep: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
});
if (values.help) {
  process.stdout.write(usage);
} else {
  const folder = values.keep ?? mkdtempSync(path.join(tmpdir(), 'millrace-cost-'));
  try {
    await measure(folder);
  } finally {
    if (!values.keep) rmSync(folder, { recursive: true, force: true });
  }
}
