import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { validationError } from '../api/validation.ts';

/** A program that stands for a container image. */
export interface ImageProgram {
  /** Entry of the `train` program. */
  readonly trainFile: string;
  /** Entry of the `serve` program. */
  readonly serveFile: string;
  /** The metrics that SageMaker reads from the algorithm's log: name and value are the groups of the pattern. */
  readonly metricPattern: RegExp;
}

/** What a registry says of an image: the digest is the SHA-256 of the manifest, which names every file by its own. */
export interface ImageManifest {
  readonly digest: string;
  readonly manifest: string;
}

interface LocalImage extends ImageProgram {
  readonly folder: string;
}

/** The program in a folder beside this file. */
function localImage(name: string, metricPattern: RegExp): LocalImage {
  const folder = path.join(import.meta.dirname, name);
  return {
    folder,
    trainFile: path.join(folder, 'train.ts'),
    serveFile: path.join(folder, 'serve.ts'),
    metricPattern,
  };
}

/** Managed images by repository and tag; the account of the registry differs by region and is not looked at. */
const images: ReadonlyMap<string, LocalImage> = new Map([
  [
    'sagemaker-xgboost:3.0-5',
    localImage('xgboost', /#011(train|validation)-([^:#\s]+):(\S+?)(?=#011|\s|$)/g),
  ],
]);

/**
 * Finds the program behind an image URI `<account>.dkr.ecr.<region>.amazonaws.com/<repository>` with `:<tag>` or `@<digest>`. A digest of
 * a repository that is here is taken as it stands: a laptop keeps the newest program only, which stands in for those before it.
 * @throws AwsError ValidationException naming the image and those that there are.
 */
export function resolveImage(uri: string): ImageProgram {
  const [, repository, reference] =
    /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^@:]+)(:[^@]+|@sha256:[0-9a-f]{64})$/.exec(
      uri,
    ) ?? [];
  const program = reference?.startsWith('@')
    ? [...images].find(([name]) => name.startsWith(`${repository}:`))?.[1]
    : images.get(`${repository}${reference}`);
  if (program === undefined)
    throw validationError(
      `The image ${uri} cannot run on a laptop. Images that can: ${[...images.keys()]
        .map((name) => `<account>.dkr.ecr.<region>.amazonaws.com/${name}`)
        .join(', ')}. Deploy to AWS to use your own image.`,
    );
  return program;
}

/** Whether there is an image of that repository, whatever its tag. */
export const hasRepository = (repository: string): boolean =>
  [...images.keys()].some((name) => name.startsWith(`${repository}:`));

/** The manifest of an image, with one layer for each source file of its program; undefined where there is no such tag. */
export function imageManifest(repository: string, tag: string): ImageManifest | undefined {
  const image = images.get(`${repository}:${tag}`);
  if (image === undefined) return undefined;
  const layers = sourceFiles(image.folder).map((file) => {
    const content = readFileSync(path.join(image.folder, file));
    return { mediaType: 'application/typescript', size: content.length, digest: digestOf(content), file };
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, layers });
  return { manifest, digest: digestOf(manifest) };
}

const sourceFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();

const digestOf = (content: string | Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;
