import { parse as parseYaml } from 'yaml';
import { applyProject } from '#services/projects/contract.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { readLocalFile } from '../rows.ts';
import type { CommandContext } from './context.ts';

/** Creates or changes the project that a file declares. */
export async function apply({ client, output }: CommandContext, path: string): Promise<void> {
  const text = readLocalFile(path).toString('utf8');
  const revision = await client.call(applyProject, {
    params: { project: projectNameIn(text, path) },
    body: text,
  });
  output.result(revision, () =>
    revision.changed
      ? `Project ${revision.project} is at revision ${revision.revision}.`
      : `Project ${revision.project} is unchanged at revision ${revision.revision}.`,
  );
}

/** The name is part of the address; whatever else is wrong with the file, the platform says. */
function projectNameIn(text: string, path: string): string {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (error) {
    throw new CliFailure(exitCodes.usage, `'${path}' is not YAML: ${(error as Error).message}`);
  }
  const name =
    typeof document === 'object' && document !== null && 'name' in document ? document.name : undefined;
  if (typeof name !== 'string')
    throw new CliFailure(
      exitCodes.usage,
      `'${path}' declares no project: it needs a line \`name: <project>\`.`,
    );
  return name;
}
