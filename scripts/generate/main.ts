import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { apiTable } from './api-table.ts';
import type { Artefact } from './artefact.ts';
import { athenaFolder, athenaSql } from './athena-sql.ts';
import { cdkJson } from './cdk-json.ts';
import { cliReference } from './cli.ts';
import { eventsCatalogue } from './events-catalogue.ts';
import { goldenFolder, goldenSchemas } from './golden.ts';
import { machines } from './machines.ts';
import { mlflowTable } from './mlflow-table.ts';
import { openApi } from './openapi.ts';
import { projectFile } from './project-file.ts';

const usage = `npm run generate -- [options]

Writes what follows from the code: golden event schemas (events/golden), golden SQL for Athena and docs/reference.

  --check  write nothing; exit code 1 when a file is not as the code says
  --json   print one JSON document: { files, changed, removed }
  --help   this text
`;

const rootDir = path.resolve(import.meta.dirname, '../..');

async function allArtefacts(): Promise<Artefact[]> {
  return [
    ...goldenSchemas(),
    ...athenaSql(),
    ...projectFile(),
    await openApi(),
    await apiTable(),
    await mlflowTable(),
    eventsCatalogue(),
    machines(),
    cliReference(),
    cdkJson(),
  ];
}

function current(file: string): string | undefined {
  try {
    return readFileSync(path.join(rootDir, file), 'utf8');
  } catch {
    return undefined;
  }
}

/** Golden files of events and checks that are no more. */
function orphans(artefacts: readonly Artefact[]): string[] {
  const wanted = new Set(artefacts.map((artefact) => artefact.path));
  return [goldenFolder, athenaFolder]
    .flatMap((folder) =>
      existsSync(path.join(rootDir, folder))
        ? readdirSync(path.join(rootDir, folder)).map((name) => `${folder}/${name}`)
        : [],
    )
    .filter((file) => !wanted.has(file));
}

function write(artefacts: readonly Artefact[], removed: readonly string[]): void {
  for (const { path: file, content } of artefacts) {
    mkdirSync(path.dirname(path.join(rootDir, file)), { recursive: true });
    writeFileSync(path.join(rootDir, file), content);
  }
  for (const file of removed) rmSync(path.join(rootDir, file));
}

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
} else {
  const artefacts = await allArtefacts();
  const changed = artefacts.filter((artefact) => current(artefact.path) !== artefact.content);
  const removed = orphans(artefacts);
  const differing = [...changed.map((artefact) => artefact.path), ...removed];
  if (!values.check) write(changed, removed);
  if (values.check && differing.length > 0) process.exitCode = 1;
  if (values.json) {
    const report = { files: artefacts.length, changed: changed.map((artefact) => artefact.path), removed };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    process.stdout.write(
      `${artefacts.length} files follow from the code${outcome(differing, values.check)}\n`,
    );
  }
}

function outcome(differing: readonly string[], checkOnly: boolean): string {
  if (differing.length === 0) return ' and are as it says.';
  const verb = checkOnly ? 'are not as it says; write them with npm run generate' : 'were written';
  return `; ${differing.length} ${verb}:\n${differing.map((file) => `  ${file}`).join('\n')}`;
}
