import path from 'node:path';
import { java, mavenFolder } from './maven.ts';
import { runWell } from './program.ts';

/** Version of Trino (Apache-2.0) whose parser is asked: the last that Java 17 runs. Athena's engine version 3 speaks its SQL. */
export const trinoVersion = '435';

/** The folder with Trino's parser. */
export const trinoGrammar = () =>
  mavenFolder({ group: 'io.trino', name: 'trino-parser', version: trinoVersion });

/** What Trino's parser says of files that hold a statement each: `ok`, or why it refuses, by the file's name. */
export async function parseStatements(
  folder: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const program = path.join(import.meta.dirname, 'java', 'TrinoGrammar.java');
  const output = await runWell(java, ['-cp', path.join(folder, '*'), program, ...files]);
  return new Map(
    output.split('\n').flatMap((line) => {
      const [, said, name, reason] = /^(ok|refused) (\S+)(?: (.*))?$/.exec(line) ?? [];
      return said === undefined ? [] : [[name!, said === 'ok' ? said : reason!] as const];
    }),
  );
}
