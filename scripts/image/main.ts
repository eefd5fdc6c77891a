import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundlePrograms } from '../../infra/code/bundled-code-source.ts';
import { duckdbLayerFolder } from '../../infra/code/duckdb-layer.ts';
import { type ImageContext, writeImageContext } from './context.ts';
import { dockerCommands, dockerEnvironment, parseRepository } from './docker.ts';

const usage = `Builds the image of SageMaker Processing jobs, which do what is too big for a function.

Usage: npm run image -- [flags]

  --repository URI  the stage's repository, as its deployment prints it (ProcessingRepositoryUri):
                    <account>.dkr.ecr.<region>.amazonaws.com/millrace-<stage>-processing
  --push            push the image there; docker must be logged in
  --context-only    write the Docker context, and build nothing: needs no Docker
  --json            one JSON document: { image, context, files, bytes, built, pushed }
  --help            this text

The tag is a hash of all that goes into the image. Put the image into cdk.json as the stage's processingImage, and deploy.
Docker is the program in CDK_DOCKER where that is set, as for CDK. Exit codes: 0 done, 1 failed, 2 a wrong command line.
`;

const rootDir = path.resolve(import.meta.dirname, '../..');
const cacheDir = path.join(rootDir, '.cache');
const localRepository = 'millrace-processing';

const options = {
  repository: { type: 'string' },
  push: { type: 'boolean', default: false },
  'context-only': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const problem = problemOf(values);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    return 2;
  }
  const context = await prepareContext();
  const image = `${values.repository ?? localRepository}:${context.tag}`;
  const built = !values['context-only'];
  if (built) {
    for (const command of dockerCommands({ uri: image, context: context.folder }, values))
      runDocker(command, values.json);
  }
  const report = {
    image,
    context: context.folder,
    files: context.files,
    bytes: context.bytes,
    built,
    pushed: values.push,
  };
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${sentences(report)}\n`);
  return 0;
}

function problemOf(values: { repository?: string; push: boolean; 'context-only': boolean }) {
  const { repository, push } = values;
  if (repository !== undefined && parseRepository(repository) === undefined)
    return `--repository ${repository} is no repository of ECR: write <account>.dkr.ecr.<region>.amazonaws.com/<name>, without a tag, which is made here.`;
  if (push && repository === undefined) return '--push needs --repository: where to push to.';
  if (push && values['context-only']) return '--push and --context-only exclude each other.';
  return undefined;
}

async function prepareContext(): Promise<ImageContext> {
  const programs = await bundlePrograms(rootDir);
  const layer = duckdbLayerFolder(rootDir, path.join(cacheDir, 'layers'), 'x64');
  return writeImageContext(
    {
      dockerfile: path.join(import.meta.dirname, 'Dockerfile'),
      program: programs.folder,
      nodejs: path.join(layer.folder, 'nodejs'),
    },
    path.join(cacheDir, 'image'),
  );
}

/** Docker's own output goes to standard error where standard output is for JSON. */
function runDocker(command: readonly string[], isJson: boolean): void {
  const docker = process.env['CDK_DOCKER'] ?? 'docker';
  const { status, error } = spawnSync(docker, command, {
    env: { ...process.env, ...dockerEnvironment },
    stdio: ['ignore', isJson ? process.stderr : 'inherit', 'inherit'],
  });
  if (error)
    throw new Error(
      `${docker} did not start: ${error.message}. Install Docker, name another program in CDK_DOCKER, or write the context with --context-only and build it elsewhere.`,
    );
  if (status !== 0)
    throw new Error(`${docker} ${command[0]} ended with exit code ${status}: see what it says above.`);
}

function sentences(report: {
  image: string;
  context: string;
  bytes: number;
  built: boolean;
  pushed: boolean;
}) {
  const megabytes = (report.bytes / 1_000_000).toFixed(1);
  const context = `The context of ${report.image} is in ${report.context} (${megabytes} MB).`;
  if (!report.built) return context;
  if (!report.pushed) return `${context}\nBuilt ${report.image}.`;
  return `${context}\nPushed. In cdk.json:\n\n  "processingImage": "${report.image}"`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
