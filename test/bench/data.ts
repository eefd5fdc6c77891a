import path from 'node:path';
import { runWell } from '../conformance/parts/program.ts';
import { pythonEnvironment } from '../conformance/parts/python.ts';
import { badRows, type DataFiles, writeDataFiles } from './data-files.ts';
import { type Bench, type Measurement, smallest } from './measurement.ts';
import { withFolder } from './temporary-folder.ts';

const repeats = 3;
const requirements = ['pandera[polars]==0.35.0', 'great_expectations==1.24.1', 'polars==2.1.0'];
const [million, tenMillion] = [1_000_000, 10_000_000];

/** What a program prints. */
interface Use {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly memoryMb: number;
  readonly rows: number;
  readonly quarantinedRows: number;
}
type Run = (file: string) => Promise<Use>;

export const data: Bench = {
  name: 'data',
  title: 'Checks of data beside pandera and Great Expectations',
  method: `1,000,000 rows of 20 columns, one in 800 of them bad, as CSV and as Parquet; the rule set of a typical contract: types, missing values, ranges, uniqueness of the key, categories, a regular expression, lengths, a foreign key. Each program reads and validates the file in a process of its own; the time is without the start of the process and its imports, memory is its greatest resident set. Millrace writes the rows in quarantine with the reasons of each (check), and the validated rows and the profile besides (all); pandera ${requirements[0]} on polars writes the bad rows, Great Expectations (${requirements[1]}, pandas) nothing. All of them take turns, ${repeats} times. 10,000,000 rows once.`,
  run: (say) =>
    withFolder(async (folder) => {
      say('Python packages');
      const { python } = await pythonEnvironment('data', requirements);
      say('files');
      const files = await writeDataFiles(folder, million);
      const rows: Measurement[] = [];
      for (const format of ['parquet', 'csv'] as const)
        rows.push(...(await sideBySide(python, folder, files, format, say)));
      say(`${tenMillion} rows`);
      const many = await writeDataFiles(folder, tenMillion);
      for (const format of ['parquet', 'csv'] as const) {
        const use = await millrace(folder, many, 'judge')(many[format]);
        assertBad(use, many);
        rows.push({ title: `10M rows, ${format}, Millrace (check)`, unit: 's', values: [use.seconds] });
        rows.push({ title: '… memory', unit: 'MB', values: [use.memoryMb], limit: 300 });
      }
      return rows;
    }),
};

async function sideBySide(
  python: string,
  folder: string,
  files: DataFiles,
  format: 'parquet' | 'csv',
  say: (line: string) => void,
): Promise<Measurement[]> {
  const program = (name: string) => path.join(import.meta.dirname, 'python', name);
  const out = path.join(folder, 'bad.parquet');
  const programs: Readonly<Record<string, Run>> = {
    'Millrace (check)': millrace(folder, files, 'judge'),
    'Millrace (all)': millrace(folder, files, 'whole'),
    'pandera on polars': (file) => useOf(python, [program('pandera_check.py'), file, files.branches, out]),
    'Great Expectations': (file) =>
      useOf(python, [program('great_expectations_check.py'), file, files.branches]),
  };
  const uses = new Map<string, Use[]>(Object.keys(programs).map((name) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1)
    for (const [name, run] of Object.entries(programs)) {
      say(`${format}, ${name}`);
      const use = await run(files[format]);
      if (name.startsWith('Millrace')) assertBad(use, files);
      uses.get(name)!.push(use);
    }
  const seconds = (name: string) => uses.get(name)!.map((use) => use.seconds);
  const share = (other: string) => smallest(seconds('Millrace (check)')) / smallest(seconds(other));
  const title = (name: string) => `1M rows, ${format}, ${name}`;
  return [
    ...Object.keys(programs).flatMap((name): Measurement[] => [
      { title: title(name), unit: 's', values: seconds(name) },
      { title: '… processor time', unit: 's', values: uses.get(name)!.map((use) => use.cpuSeconds) },
      {
        title: '… memory',
        unit: 'MB',
        values: uses.get(name)!.map((use) => use.memoryMb),
        ...(name === 'Millrace (check)' ? { limit: 300 } : {}),
      },
    ]),
    {
      title: `${format}, check as a share of pandera`,
      unit: 'x',
      values: [share('pandera on polars')],
      limit: 1,
    },
    {
      title: `${format}, check as a share of Great Expectations`,
      unit: 'x',
      values: [share('Great Expectations')],
      limit: 0.1,
    },
  ];
}

const millrace =
  (folder: string, { branches }: DataFiles, mode: 'judge' | 'whole'): Run =>
  (file) =>
    useOf(process.execPath, [
      path.join(import.meta.dirname, 'data-check.ts'),
      file,
      branches,
      path.join(folder, 'results'),
      mode,
    ]);

async function useOf(program: string, args: readonly string[]): Promise<Use> {
  const output = await runWell(program, args);
  return JSON.parse(output.trim().split('\n').at(-1)!) as Use;
}

function assertBad({ quarantinedRows }: Use, { rows }: DataFiles): void {
  if (quarantinedRows !== badRows(rows))
    throw new Error(`${quarantinedRows} rows are in quarantine, ${badRows(rows)} should be.`);
}
