import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  governor: [
    {
      pk: 'GOVERNOR#tumour',
      sk: 'GOVERNOR',
      schemaVersion: 1,
      project: 'tumour',
      state: {
        startedOnDay: 2,
        day: '2026-11-28',
        lastRecipe: { datasetVersion: 1, projectRevision: 1 },
        lastEndedAt: '2026-11-28T01:38:54.274Z',
        flight: { trainingId: '01M8FWWCZ8ZKM8JAF4DHY3N84V', since: '2026-11-28T01:38:57.022Z' },
        pending: {
          trigger: 'Manual',
          reasons: ['And again'],
          datasetVersion: 1,
          projectRevision: 1,
          requestedBy: 'ann',
          origin: { actor: { type: 'user', id: 'ann' } },
        },
      },
      revision: 4,
      gsi1pk: 'BUSY',
      gsi1sk: 'tumour',
    },
  ],
  training: [
    {
      pk: 'TRAINING#01M8FWW21567EX3FFZ95H8FJC3',
      sk: 'TRAINING',
      schemaVersion: 1,
      training: {
        trainingId: '01M8FWW21567EX3FFZ95H8FJC3',
        project: 'tumour',
        projectRevision: 1,
        trigger: 'Data',
        reasons: ['Dataset version 1 passed validation (Pass, 240 rows).'],
        datasetVersion: 1,
        requestedBy: 'aws:000000000000',
        status: 'completed',
        requestedAt: '2026-11-28T01:38:45.926Z',
        metadata: {
          eventId: '01M8FWW21567EX3FFZ95H8FJC3-requested',
          occurredAt: '2026-11-28T01:38:45.926Z',
          project: 'tumour',
          correlationId: 'upload-bdaf9316aa988af4287cd97a40c8e903',
          causationId: 'upload-bdaf9316aa988af4287cd97a40c8e903-validated',
          causationDepth: 2,
          actor: { type: 'service', id: 'training' },
          initiatedBy: { type: 'user', id: 'aws:000000000000' },
        },
        jobName: 'millrace-local-tumour-01m8fww21567ex3ffz95h8fjc3',
        modelVersion: 1,
        endedAt: '2026-11-28T01:38:54.274Z',
      },
      status: 'completed',
      gsi1pk: 'PROJECT#tumour',
      gsi1sk: 'TRAINING#01M8FWW21567EX3FFZ95H8FJC3',
    },
  ],
  job: [
    {
      pk: 'JOB#millrace-local-tumour-01m8fww21567ex3ffz95h8fjc3-challenger',
      sk: 'JOB',
      schemaVersion: 1,
      job: {
        jobName: 'millrace-local-tumour-01m8fww21567ex3ffz95h8fjc3-challenger',
        kind: 'transform',
        project: 'tumour',
        trainingId: '01M8FWW21567EX3FFZ95H8FJC3',
        taskToken:
          'WyJhcm46YXdzOnN0YXRlczp1cy1lYXN0LTE6MDAwMDAwMDAwMDAwOmV4ZWN1dGlvbjptaWxscmFjZS1sb2NhbC10cmFpbmluZzowMU04RldXMjE1NjdFWDNGRlo5NUg4RkpDMyIsIi8wIiwiUTNrSGpON3VxZ192QXlzSV85RjZ1RTlLWFFSUWhqVU1nNThfSmltY3F3OCJd.pwXkWThpsxY73qPCZSeUp-JRW_GADpwFxnyvrmmpsbs',
        startedAt: '2026-11-28T01:38:50.763Z',
        settled: false,
        candidate: 'challenger',
      },
      taskToken:
        'WyJhcm46YXdzOnN0YXRlczp1cy1lYXN0LTE6MDAwMDAwMDAwMDAwOmV4ZWN1dGlvbjptaWxscmFjZS1sb2NhbC10cmFpbmluZzowMU04RldXMjE1NjdFWDNGRlo5NUg4RkpDMyIsIi8wIiwiUTNrSGpON3VxZ192QXlzSV85RjZ1RTlLWFFSUWhqVU1nNThfSmltY3F3OCJd.pwXkWThpsxY73qPCZSeUp-JRW_GADpwFxnyvrmmpsbs',
      expiresAt: 1798853930,
      gsi1pk: 'JOBS_IN_FLIGHT',
      gsi1sk: '2026-11-28T01:38:50.763Z#millrace-local-tumour-01m8fww21567ex3ffz95h8fjc3-challenger',
    },
  ],
};
