import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName, sha256 } from '#shared/contracts/parts.ts';

const approval = {
  project: projectName,
  approvalId: z.string(),
  model: z.string(),
  modelVersion: z.int().min(1),
  /** SHA-256 over artifact, evaluation report and version: the decision holds for exactly this. */
  subjectDigest: sha256,
};

export const ApprovalRequested = defineEvent({
  service: 'approvals',
  name: 'ApprovalRequested',
  version: 1,
  description: 'A release waits for people.',
  data: z.object({
    ...approval,
    approvers: z.array(z.string()),
    quorum: z.int().min(1),
    expiresAt: z.iso.datetime(),
    requestedBy: z.string(),
  }),
});

export const ApprovalDecided = defineEvent({
  service: 'approvals',
  name: 'ApprovalDecided',
  version: 1,
  description: 'The quorum approved, or somebody rejected.',
  data: z.object({
    ...approval,
    decision: z.enum(['approved', 'rejected']),
    decidedBy: z.array(z.string()).min(1),
    comment: z.string(),
  }),
});

export const ApprovalExpired = defineEvent({
  service: 'approvals',
  name: 'ApprovalExpired',
  version: 1,
  description: 'Nobody decided in time; the release ended.',
  data: z.object({ ...approval, expiresAt: z.iso.datetime() }),
});
