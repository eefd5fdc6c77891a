import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { EcrApi } from '../../emulated-service.ts';
import type { CreateProcessingJobInput } from '../api/processing-inputs.ts';
import { validationError } from '../api/validation.ts';

/** Where an image keeps the programs that stand for it here. */
const PROGRAM_FOLDER = '/opt/program/';

/** Of an image with one program. */
const defaultEntrypoint = ['node', `${PROGRAM_FOLDER}index.mjs`];

/** What Node.js runs in place of a container. */
export interface ProcessingCommand {
  readonly file: string;
  readonly programArguments: readonly string[];
  readonly modulePaths: readonly string[];
}

/**
 * One of the programs of an image with the arguments of a request: `docker run --entrypoint` with what the laptop has.
 * @throws AwsError ValidationException for an image without programs, and for an entrypoint other than `node /opt/program/<file>`.
 */
export function resolveCommand(
  ecr: EcrApi,
  {
    ImageUri,
    ContainerEntrypoint = defaultEntrypoint,
    ContainerArguments = [],
  }: CreateProcessingJobInput['AppSpecification'],
): ProcessingCommand {
  const program = ecr.program(ImageUri);
  if (program === undefined) {
    const known = ecr.programImages();
    throw validationError(
      `The image ${ImageUri} cannot run on a laptop. ${known.length === 0 ? 'The template names no program for any image' : `Images that can, with any tag: ${known.join(', ')}`}. Deploy to AWS to use your own image.`,
    );
  }
  const { modulePaths } = program;
  const [command, entry = '', ...rest] = ContainerEntrypoint;
  const file = path.join(program.folder, path.posix.relative(PROGRAM_FOLDER, entry));
  const isInside = entry.startsWith(PROGRAM_FOLDER) && !entry.split('/').includes('..');
  if (command !== 'node' || !isInside || !existsSync(file))
    throw validationError(
      `The ContainerEntrypoint ${JSON.stringify(ContainerEntrypoint)} cannot run on a laptop, which has the image's programs and nothing else of it. Name one of them: ${programFiles(program.folder)}.`,
    );
  return { file, programArguments: [...rest, ...ContainerArguments], modulePaths };
}

/** Entrypoints that there are; modules that programs share are none. */
const programFiles = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.mjs') && !name.startsWith('chunk-'))
    .sort()
    .map((name) => JSON.stringify(['node', `${PROGRAM_FOLDER}${name}`]))
    .join(', ');
