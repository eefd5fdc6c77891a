import { fileURLToPath } from 'node:url';
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

const entry = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Managed images by repository and tag; the account of the registry differs by region and is not looked at. */
const PROGRAMS: Readonly<Record<string, ImageProgram>> = {
  'sagemaker-xgboost:3.0-5': {
    trainFile: entry('./xgboost/train.ts'),
    serveFile: entry('./xgboost/serve.ts'),
    metricPattern: /#011(train|validation)-([^:#\s]+):(\S+?)(?=#011|\s|$)/g,
  },
};

/**
 * Finds the program behind an image URI `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`.
 * @throws AwsError ValidationException naming the image and those that there are.
 */
export function resolveImage(uri: string): ImageProgram {
  const match = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^@]+)$/.exec(uri);
  const program = match?.[1] === undefined ? undefined : PROGRAMS[match[1]];
  if (program === undefined)
    throw validationError(
      `The image ${uri} cannot run on a laptop. Images that can: ${Object.keys(PROGRAMS)
        .map((name) => `<account>.dkr.ecr.<region>.amazonaws.com/${name}`)
        .join(', ')}. Deploy to AWS to use your own image.`,
    );
  return program;
}
