import type { AnswerOf } from './operations.ts';

/** Parts of answers that several components speak of. */
export type ApprovalRequest = AnswerOf<'listApprovals'>['items'][number];
export type DriftEvaluation = AnswerOf<'readDrift'>['evaluations'][number];
export type ModelVersion = AnswerOf<'listModelVersions'>['items'][number];
