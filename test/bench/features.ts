import path from 'node:path';
import { runWell } from '../conformance/parts/program.ts';
import { pythonEnvironment } from '../conformance/parts/python.ts';
import { askedRows, entities, type FeatureFiles, featureRows, writeFeatureFiles } from './features-files.ts';
import { measureMaterialization } from './features-materialize.ts';
import { measureAggregates, measureOnlineReads } from './features-online.ts';
import { type Bench, type Measurement, smallest } from './measurement.ts';
import { withFolder } from './temporary-folder.ts';

const repeats = 3;
export const featureRequirements = [
  'feast[duckdb]==0.67.0',
  'pandas==2.3.3',
  'duckdb==2.0.1',
  'pyarrow==26.0.1',
];
const ttlDays = 1;
const ours = 'Millrace';
const late = 'Millrace, rows known late';

/** What a program prints. */
interface Use {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly memoryMb: number;
  readonly rows: number;
  /** Rows with values. */
  readonly present: number;
}
type Run = () => Promise<Use>;

export const features: Bench = {
  name: 'features',
  title: 'Features: point-in-time joins beside Feast and pandas, online values, materialization',
  method: `${askedRows.toLocaleString('en')} entity rows and ${featureRows.toLocaleString('en')} rows of five features of ${entities.toLocaleString('en')} entities over 100 days, as Parquet; a ttl of ${ttlDays} day. Each program joins them in a process of its own and writes the training set as Parquet; the time is without the start of the process and its imports, memory is its greatest resident set. Millrace and DuckDB have two threads. Feast (${featureRequirements[0]}) uses its DuckDB offline store, pandas merge_asof. Both take a row to be known when it happened, and so does Millrace here; “rows known late” is the same join by when rows became known, one in twenty of them up to ten days late. All of them take turns, ${repeats} times, and must find the same number of values. Online values are read by HTTP from the laptop platform, at a fixed rate, whether answers come or not. Materialization is one conditional PutItem per entity, 32 at once, in the laptop's table engine within this process: neither network nor the file of the part is in it.`,
  run: async (say) => [
    ...(await measureJoins(say)),
    ...(await measureOnlineReads(say)),
    ...measureAggregates(say),
    ...(await measureMaterialization(say)),
  ],
};

const measureJoins = (say: (line: string) => void): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    say('Python packages');
    const { python } = await pythonEnvironment('features', featureRequirements);
    say('files');
    const files = await writeFeatureFiles(folder);
    return sideBySide(programs(python, folder, files), say);
  });

function programs(python: string, folder: string, files: FeatureFiles): Readonly<Record<string, Run>> {
  const script = (name: string) => path.join(import.meta.dirname, 'python', name);
  const out = path.join(folder, 'training-set.parquet');
  const given = [files.asked, files.rows];
  const millrace = (visible: 'event' | 'known') => () =>
    useOf(process.execPath, [
      path.join(import.meta.dirname, 'features-join.ts'),
      ...given,
      folder,
      out,
      String(ttlDays),
      visible,
    ]);
  const other = (name: string) => () => useOf(python, [script(name), ...given, out, String(ttlDays)]);
  return {
    [ours]: millrace('event'),
    [late]: millrace('known'),
    'Feast, DuckDB': other('feast_features.py'),
    'pandas, merge_asof': other('pandas_features.py'),
  };
}

async function sideBySide(
  runs: Readonly<Record<string, Run>>,
  say: (line: string) => void,
): Promise<Measurement[]> {
  const uses = new Map<string, Use[]>(Object.keys(runs).map((name) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1)
    for (const [name, run] of Object.entries(runs)) {
      say(name);
      uses.get(name)!.push(await run());
    }
  assertSame(uses);
  const seconds = (name: string) => uses.get(name)!.map((use) => use.seconds);
  const share = (other: string): Measurement => ({
    title: `${ours} as a share of ${other}`,
    unit: 'x',
    values: [smallest(seconds(ours)) / smallest(seconds(other))],
    limit: 1,
  });
  return [
    ...Object.keys(runs).flatMap((name): Measurement[] => [
      { title: name, unit: 's', values: seconds(name) },
      { title: '… processor time', unit: 's', values: uses.get(name)!.map((use) => use.cpuSeconds) },
      {
        title: '… memory',
        unit: 'MB',
        values: uses.get(name)!.map((use) => use.memoryMb),
        ...(name.startsWith(ours) ? { limit: 800 } : {}),
      },
    ]),
    share('Feast, DuckDB'),
    share('pandas, merge_asof'),
  ];
}

async function useOf(program: string, args: readonly string[]): Promise<Use> {
  const output = await runWell(program, args);
  return JSON.parse(output.trim().split('\n').at(-1)!) as Use;
}

/** A fast join that loses rows, or finds others, is none. */
function assertSame(uses: ReadonlyMap<string, readonly Use[]>): void {
  const [{ present } = { present: 0 }] = uses.get(ours)!;
  for (const [name, runs] of uses)
    for (const use of runs) {
      if (use.rows !== askedRows) throw new Error(`${name} kept ${use.rows} of ${askedRows} entity rows.`);
      if (name !== late && use.present !== present)
        throw new Error(`${name} found ${use.present} values, ${ours} ${present}.`);
    }
}
