import { getText } from '#shared/aws/objects.ts';
import type { JobRunner } from '#shared/aws/processing-jobs.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import { storedOutcome } from '../domain/check-plan.ts';
import type { ProcessingJobs } from '../ports.ts';
import { versionFolder } from './documents.ts';

/** Checks as Processing jobs. */
export function createProcessingJobs(runner: JobRunner, dataBucket: string): ProcessingJobs {
  const address = (key: string): string => formatS3Uri({ bucket: dataBucket, key });
  return {
    imageUri: runner.imageUri,
    create: ({ jobName, check, resources, objects }) =>
      runner.create({
        jobName,
        service: 'validation',
        resources,
        plan: check.plan!,
        objects,
        resultsUri: address(versionFolder(check.project, check.datasetVersion)),
        outcomeUri: address(outcomeFolder(check, jobName)),
        tags: {
          'millrace:project': check.project,
          'millrace:dataset-version': String(check.datasetVersion),
        },
      }),
    describe: (jobName) => runner.describe(jobName),
    stop: (jobName) => runner.stop(jobName),
    async outcome(check) {
      const key = `${outcomeFolder(check, check.engine?.jobName ?? '')}outcome.json`;
      return storedOutcome.parse(JSON.parse(await getText(address(key))));
    },
  };
}

/** Where a job leaves what it says of a version. */
const outcomeFolder = (
  { project, datasetVersion }: { project: string; datasetVersion: number },
  jobName: string,
): string => `${versionFolder(project, datasetVersion)}jobs/${sha256Hex(jobName).slice(0, 20)}/`;
