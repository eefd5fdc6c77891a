import { getText } from '#shared/aws/objects.ts';
import type { JobRunner } from '#shared/aws/processing-jobs.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import { retrievalOutcome } from '../domain/retrieval-plan.ts';
import type { RetrievalJobs, RetrievalRecord } from '../ports.ts';
import { retrievalFolder } from './retrieval-documents.ts';

/** Retrievals as Processing jobs. */
export function createRetrievalJobs(runner: JobRunner, dataBucket: string): RetrievalJobs {
  const folderOf = ({ project, retrievalId }: RetrievalRecord): string =>
    formatS3Uri({ bucket: dataBucket, key: retrievalFolder(project, retrievalId) });
  return {
    ...runner,
    create: ({ jobName, retrieval, resources, objects }) =>
      runner.create({
        jobName,
        service: 'feature-store',
        resources,
        plan: retrieval.request,
        objects,
        resultsUri: folderOf(retrieval),
        outcomeUri: `${folderOf(retrieval)}jobs/${jobName}/`,
        tags: { 'millrace:project': retrieval.project, 'millrace:retrieval': retrieval.retrievalId },
      }),
    outcome: async (retrieval, jobName) =>
      retrievalOutcome.parse(JSON.parse(await getText(`${folderOf(retrieval)}jobs/${jobName}/outcome.json`))),
  };
}
