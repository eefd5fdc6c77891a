import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  approval: [
    {
      pk: 'APPROVAL#01M8FWW8VY5SK4BNX2JHZPGTYY',
      sk: 'APPROVAL',
      schemaVersion: 1,
      request: {
        approvalId: '01M8FWW8VY5SK4BNX2JHZPGTYY',
        project: 'tumour',
        model: 'tumour',
        modelVersion: 1,
        subjectDigest: '4430eabf7e048a094cd32bfc3e945ff8e43c3e23259d5af2584870b534ae4365',
        status: 'rejected',
        requestedBy: 'aws:000000000000',
        requestedAt: '2026-11-28T01:38:55.445Z',
        expiresAt: '2026-12-05T01:38:55.445Z',
        approvers: [],
        quorum: 1,
        requesterMayApprove: true,
        metrics: {
          auc: 0.9975,
          accuracy: 0.9512195121951219,
          precision: 0.9375,
          recall: 0.9375,
          f1: 0.9375,
          log_loss: 0.0960662018855005,
        },
        decisions: [
          { by: 'bob', decision: 'rejected', comment: 'Not this one.', at: '2026-11-28T01:39:10.819Z' },
        ],
      },
      taskToken:
        'WyJhcm46YXdzOnN0YXRlczp1cy1lYXN0LTE6MDAwMDAwMDAwMDAwOmV4ZWN1dGlvbjptaWxscmFjZS1sb2NhbC1yZWxlYXNlOjAxTThGV1c4Vlk1U0s0Qk5YMkpIWlBHVFlZIiwiIiwia01PdDhlUVVLRmRfZFVaMUpXSHJCbWxsdnpXaG1Eam9GSWNaUWlqUHZSNCJd.TVsisM8k-Y0Zc3YVB3vNKEO1qBEXTQY-1IRIF5_vb50',
      metadata: {
        eventId: '01M8FWW8VY5SK4BNX2JHZPGTYY',
        occurredAt: '2026-11-28T01:38:52.926Z',
        project: 'tumour',
        correlationId: 'upload-bdaf9316aa988af4287cd97a40c8e903',
        causationId: '01M8FWW21567EX3FFZ95H8FJC3-requested',
        causationDepth: 3,
        actor: { type: 'service', id: 'registry' },
        initiatedBy: { type: 'user', id: 'aws:000000000000' },
      },
      revision: 2,
      gsi1pk: 'APPROVALS',
      gsi1sk: '2026-11-28T01:38:55.445Z#01M8FWW8VY5SK4BNX2JHZPGTYY',
    },
  ],
};
