import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml, stringify } from 'yaml';

/** A file of the example project, by its path below examples/tumour. */
export const exampleFile = (file: string): URL => new URL(`../../examples/tumour/${file}`, import.meta.url);
export const exampleText = (file: string): string => readFileSync(exampleFile(file), 'utf8');

/** A name that no other test and no earlier run has taken. */
export const freshName = (): string => `e2e-${randomBytes(4).toString('hex')}`;

type Section = Readonly<Record<string, unknown>>;

/** Sections of a project file that differ from the example's, e.g. `{ approval: { quorum: 2 } }`. */
export type Changes = Readonly<Record<string, Section | string>>;

/** The example's project file under another name, with short waits, and with sections changed member by member. */
export function projectFile(name: string, changes: Changes = {}): string {
  const example = parseYaml(exampleText('project.yaml')) as Record<string, unknown>;
  const quick: Changes = {
    deployment: {
      canary: { trafficShare: 0.5, bakeSeconds: 5, maxErrorRate: 0.02, maxP99LatencyMs: 10_000 },
      graceSeconds: 0,
    },
  };
  const sections = [quick, changes].reduce<Record<string, unknown>>(withChanges, { ...example, name });
  return stringify(sections);
}

function withChanges(sections: Record<string, unknown>, changes: Changes): Record<string, unknown> {
  const changed = Object.entries(changes).map(([section, members]) => [
    section,
    typeof members === 'string' ? members : { ...(sections[section] as Section), ...members },
  ]);
  return { ...sections, ...Object.fromEntries(changed) };
}

type Cells = Readonly<Record<string, string>>;

function rowsOf(file: string): Cells[] {
  return parseCsv(exampleText(file), { columns: true }) as Cells[];
}

/** Rows of a CSV file of the example as instances to predict: numbers, without key and target. */
export function instancesOf(file: string): Record<string, number>[] {
  return rowsOf(file).map(({ sample_id: _key, malignant: _target, ...features }) =>
    Object.fromEntries(Object.entries(features).map(([name, cell]) => [name, Number(cell)])),
  );
}

/** What the rows of a file of the example truly are, by their keys in the source: '1' for malignant. */
export function truthOf(file: string): string[] {
  const truth = new Map(rowsOf('data/source.csv').map((row) => [row['sample_id'], row['malignant']]));
  return rowsOf(file).map((row) => truth.get(row['sample_id']) ?? '');
}
