import { sha256Hex } from '#shared/kernel/hash.ts';
import { DatasetVersionCreated, DatasetVersionRejected } from '../datasets.ts';
import { ProjectApplied } from '../projects.ts';
import {
  ContractApproved,
  QuarantineReleased,
  SchemaSuggested,
  SuggestionRefused,
  ValidationCompleted,
} from '../validation.ts';
import { fact, project, stored } from './fact.ts';

const person = { type: 'user', id: 'ada' } as const;
const uploads = 'millrace-local-000000000000-us-east-1-uploads';
const contentSha256 = sha256Hex('manifest of version 1');

const projectApplied = fact(
  ProjectApplied,
  { eventId: '01M7YM65SJ2FRZT98WWK7TKMR0', seconds: 0, by: person },
  { project, revision: 1, definitionSha256: sha256Hex('project.yaml'), owners: ['ada'] },
);

const datasetVersionRejected = fact(
  DatasetVersionRejected,
  { eventId: 'upload-0d1b5f9d17c2a9a5d3b1f3a1c8e07b42', seconds: 0.6, by: person },
  {
    project,
    source: {
      bucket: uploads,
      key: `incoming/${project}/01M7YM66GZ0Y4F3T5A8JQK9W2E-empty.csv`,
      versionId: 'PYn8V4XyXhGmJ0l2nq3sU6tRwB1cDeFg',
      sequencer: '0001A1FD431B020000',
    },
    reasons: [
      { code: 'EmptyUpload', message: 'The file has no rows. Upload a file with a header and rows.' },
    ],
  },
);

const datasetVersionCreated = fact(
  DatasetVersionCreated,
  { eventId: 'upload-5207b8be97ab0cd04b7cb1ba2024face', seconds: 1.1, by: person },
  {
    project,
    datasetVersion: 1,
    contentSha256,
    manifest: stored('data', `datasets/${project}/manifests/${contentSha256}.json`, 1740),
    rows: 300,
    bytes: 65_954,
    columns: [
      { name: 'sample_id', type: 'string' },
      { name: 'mean_radius', type: 'number' },
      { name: 'malignant', type: 'integer' },
    ],
    source: {
      bucket: uploads,
      key: `incoming/${project}/01M7YM66ZGAMSJ31XDVZKJEN8A-first-upload.csv`,
      versionId: 'NNECqAn3B5OmLkaYYzVAB5ryrWlF0GqK',
      sequencer: '0001A1FD431C180000',
    },
    projectRevision: 1,
  },
);

/** What the first training follows from. */
export const validationCompleted = fact(
  ValidationCompleted,
  {
    eventId: 'upload-5207b8be97ab0cd04b7cb1ba2024face-validated',
    seconds: 2.4,
    after: datasetVersionCreated,
  },
  {
    project,
    datasetVersion: 1,
    verdict: 'Warn',
    rows: 300,
    validRows: 298,
    quarantinedRows: 2,
    validated: stored('data', `validation/${project}/valid-1.parquet`, 57_027),
    quarantine: stored('data', `validation/${project}/quarantine-1.parquet`, 9_411),
    report: stored('data', `validation/${project}/report-1.json`, 19_415),
    findings: [
      {
        check: 'range',
        column: 'mean_radius',
        severity: 'warn',
        observed: '2 of 300 rows',
        expected: 'values from 0 to 60',
      },
    ],
    projectRevision: 1,
    occasion: 'upload',
    profile: stored('data', `validation/${project}/00000001/profile.json`, 22_410),
    referenced: [{ project: 'sites', datasetVersion: 4 }],
  },
);

const approver = { type: 'user', id: 'grace' } as const;
const suggestionId = '1-upload-5207b8be97ab0cd04b7cb1ba2024face';

const schemaSuggested = fact(
  SchemaSuggested,
  {
    eventId: 'upload-5207b8be97ab0cd04b7cb1ba2024face-suggested',
    seconds: 2.6,
    after: datasetVersionCreated,
  },
  {
    project,
    suggestionId,
    datasetVersion: 1,
    suggestion: stored('data', `validation/${project}/00000001/suggestion.json`, 6120),
    columns: 32,
    rows: 300,
  },
);

const contractApproved = fact(
  ContractApproved,
  { eventId: '5f1c6a7d0b9e4c2a8d3f6b10-approved', seconds: 61, by: approver, after: schemaSuggested },
  {
    project,
    suggestionId,
    contract: stored('data', `validation/${project}/00000001/contract.json`, 3480),
    edited: true,
    approvedBy: 'grace',
    comment: 'Radii are below 60 mm.',
  },
);

const suggestionRefused = fact(
  SuggestionRefused,
  { eventId: '5f1c6a7d0b9e4c2a8d3f6b10-refused', seconds: 61, by: approver, after: schemaSuggested },
  { project, suggestionId, refusedBy: 'grace', comment: 'The file is a test.' },
);

const quarantineReleased = fact(
  QuarantineReleased,
  { eventId: '01M7YP3H5C7W1K9V4B8N2D6T0Q-released', seconds: 120, by: approver, after: validationCompleted },
  {
    project,
    datasetVersion: 1,
    releaseId: '01M7YP3H5C7W1K9V4B8N2D6T0Q',
    rows: 2,
    checks: ['range:mean_radius'],
    releasedBy: 'grace',
    reason: 'Measured again: the tumours are that big.',
  },
);

export const dataSamples = [
  projectApplied,
  datasetVersionRejected,
  datasetVersionCreated,
  validationCompleted,
  schemaSuggested,
  contractApproved,
  suggestionRefused,
  quarantineReleased,
];
