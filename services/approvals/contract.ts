import * as z from 'zod';
import { defineTask } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import {
  metricValues,
  pageToken,
  pathId,
  projectName,
  sha256,
  storedObject,
} from '#shared/contracts/parts.ts';

/** What is decided on. Its digest (canonical JSON, SHA-256) is the subjectDigest: a decision holds for exactly these bytes. */
export const approvalSubject = z.object({
  project: projectName,
  model: z.string(),
  modelVersion: z.int().min(1),
  artifactSha256: sha256,
  /** Absent where the platform did not evaluate the version. */
  evaluationReport: storedObject.optional(),
  /** SHA-256 over the files that a client registered, which the artifact was made of. */
  contentDigest: sha256.optional(),
});

export const approvalPolicy = z.object({
  approvers: z.array(z.string()),
  quorum: z.int().min(1),
  requesterMayApprove: z.boolean(),
  expiresAfterSeconds: z.int().min(1),
});

/** Answers `{ decision: 'approved' }`. Errors sent to the token: ApprovalRejected. The machine’s own timeout ends the wait: then expireApproval. */
export const requestApproval = defineTask({
  service: 'approvals',
  name: 'request-approval',
  description:
    'Opens an approval request and waits for people. approvalId = releaseId: called twice, it opens one.',
  waits: true,
  input: z.object({
    releaseId: z.string(),
    subject: approvalSubject,
    policy: approvalPolicy,
    requestedBy: z.string(),
    metrics: metricValues,
    /** What who decides must know besides. */
    note: z.string().optional(),
  }),
  output: z.object({ decision: z.literal('approved'), decidedBy: z.array(z.string()), comment: z.string() }),
});

export const expireApproval = defineTask({
  service: 'approvals',
  name: 'expire-approval',
  description:
    'Closes a request that nobody decided in time; publishes ApprovalExpired. A decided one stays decided.',
  input: z.object({ releaseId: z.string() }),
  output: z.object({}),
});

export const approvalRequest = z.object({
  approvalId: z.string(),
  project: projectName,
  model: z.string(),
  modelVersion: z.int(),
  subjectDigest: sha256,
  status: z.enum(['pending', 'approved', 'rejected', 'expired']),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  approvers: z.array(z.string()),
  quorum: z.int(),
  requesterMayApprove: z.boolean(),
  metrics: metricValues,
  /** What who decides must know besides, such as that nobody evaluated the version. */
  note: z.string().optional(),
  decisions: z.array(
    z.object({
      by: z.string(),
      decision: z.enum(['approved', 'rejected']),
      comment: z.string(),
      at: z.iso.datetime(),
    }),
  ),
});
export type ApprovalRequest = z.infer<typeof approvalRequest>;

export const listApprovals = defineEndpoint({
  service: 'approvals',
  operationId: 'listApprovals',
  summary: 'Approval requests of the projects that the caller may see, newest first.',
  method: 'GET',
  path: '/v1/approvals',
  role: 'viewer',
  scope: 'resource',
  params: z.object({}),
  query: z.object({
    status: z.enum(['pending', 'approved', 'rejected', 'expired']).optional(),
    project: projectName.optional(),
    pageToken,
  }),
  body: z.undefined(),
  response: z.object({ items: z.array(approvalRequest), nextPageToken: z.string().optional() }),
});

export const readApproval = defineEndpoint({
  service: 'approvals',
  operationId: 'readApproval',
  summary: 'One approval request.',
  method: 'GET',
  path: '/v1/approvals/{approvalId}',
  role: 'viewer',
  scope: 'resource',
  params: z.object({ approvalId: pathId }),
  query: z.object({}),
  body: z.undefined(),
  response: approvalRequest,
});

/** Errors: ApprovalNotFound, ApprovalClosed (conflict), NotAnApprover, RequesterMayNotApprove (forbidden), SubjectChanged (precondition_failed: the digest sent is another). */
export const decideApproval = defineEndpoint({
  service: 'approvals',
  operationId: 'decideApproval',
  summary: 'Approves or rejects. One rejection ends it; approvals count up to the quorum, one per identity.',
  method: 'POST',
  path: '/v1/approvals/{approvalId}/decisions',
  role: 'approver',
  scope: 'resource',
  params: z.object({ approvalId: pathId }),
  query: z.object({}),
  body: z.strictObject({
    decision: z.enum(['approved', 'rejected']),
    comment: z.string().min(1).max(4000),
    subjectDigest: sha256,
  }),
  response: approvalRequest,
});

export const endpoints = [listApprovals, readApproval, decideApproval];
