import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { ConnectionOptions } from '../../connection.ts';
import { featuresFileText, mapRepository } from '../../features/import-feast/map-repository.ts';
import { readRepository } from '../../features/import-feast/read-repository.ts';
import { createOutput } from '../../output.ts';

type Options = ConnectionOptions & { json?: boolean; output?: string };

/** `millrace features import-feast`: needs no platform. */
export function importFeast(): Command {
  return new Command('import-feast')
    .description('write the features.yaml of what a Feast repository declares, and say what does not fit')
    .argument('<repository>', 'folder with feature_store.yaml and a registry file')
    .option('--output <file>', 'file to write; without it the text is printed')
    .option('--json', 'print one JSON document', false)
    .action((repository: string, options: Options) => run(repository, options));
}

function run(repository: string, options: Options): void {
  const output = createOutput(options.json ?? false);
  const read = readRepository(repository);
  const imported = mapRepository(read);
  const text = featuresFileText(imported, read.project);
  const { notes } = imported;
  // Standard output may be the file itself.
  for (const { subject, outcome, reason } of notes)
    process.stderr.write(`${outcome}: ${subject}: ${reason}\n`);
  if (options.output !== undefined) writeFileSync(options.output, text);
  const { entities = {}, featureViews = {}, featureServices = {} } = imported.features;
  const counts = [
    `${Object.keys(entities).length} entities`,
    `${Object.keys(featureViews).length} feature views`,
    `${Object.keys(featureServices).length} feature services`,
  ].join(', ');
  output.result({ features: text, notes }, () =>
    options.output === undefined
      ? text.trimEnd()
      : `${options.output} has ${counts} of ${read.project}; ${notes.length} notes are above. Apply it: millrace features apply <project> ${options.output}`,
  );
}
