import { describe, expect, it } from 'vitest';
import { requestApproval as task } from '#services/approvals/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { decodePageToken, encodePageToken } from '#shared/kernel/paging.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { recordingTokens } from '#test/doubles/task-tokens.ts';
import { createApprovalStore } from '../store/approval-store.ts';
import { answerToken } from './answer-token.ts';
import { decideApproval, type Permissions } from './decide-approval.ts';
import { expireApproval } from './expire-approval.ts';
import { listApprovals, readApproval } from './read-approvals.ts';
import { requestApproval } from './request-approval.ts';
import { withdrawApproval } from './withdraw-approval.ts';

const everything: Permissions = { maySee: () => true, mayApprove: () => true };
const input = task.input.parse({
  releaseId: 'R1',
  subject: {
    project: 'tumour',
    model: 'tumour',
    modelVersion: 2,
    artifactSha256: 'c'.repeat(64),
    evaluationReport: { uri: 's3://data/report.json', sha256: 'd'.repeat(64), bytes: 10 },
  },
  policy: { approvers: [], quorum: 2, requesterMayApprove: true, expiresAfterSeconds: 3600 },
  requestedBy: 'ann',
  metrics: { auc: 0.99 },
});
const subjectDigest = digestOf(input.subject);

function setUp() {
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const table = createMemoryTable();
  const tokens = recordingTokens();
  const deps = { store: createApprovalStore(table), tokens, clock, ids: sequentialIds('ev') };
  const metadata = startingJourney({
    eventId: 'E1',
    occurredAt: clock.now(),
    project: 'tumour',
    actor: { type: 'service', id: 'registry' },
  });
  const open = (taskToken = 'token-1', releaseId = 'R1', project = 'tumour') =>
    requestApproval(
      deps,
      { ...input, releaseId, subject: { ...input.subject, project } },
      { metadata, executionArn: 'arn', taskToken },
    );
  const approve = (by: string, decision: 'approved' | 'rejected' = 'approved') =>
    decideApproval(deps, {
      approvalId: 'R1',
      by,
      permissions: everything,
      decision,
      comment: `${by} says so`,
      subjectDigest,
    });
  const answer = async () => answerToken(tokens, (await deps.store.read('R1'))!);
  const told = () => table.published.map(({ detailType }) => detailType);
  const withdraw = () =>
    withdrawApproval(deps, { approvalId: 'R1', reason: 'Version 2 is in quarantine.' }, metadata);
  return { clock, table, tokens, deps, open, approve, answer, told, withdraw };
}

describe('an approval request', () => {
  it('is opened once per release, bound to the digest of what is decided on', async () => {
    const { deps, open, told } = setUp();
    await open();
    await open('token-2');
    expect(told()).toEqual(['ApprovalRequested.v1']);
    expect(await readApproval(deps.store, 'R1', everything)).toMatchObject({
      approvalId: 'R1',
      subjectDigest,
      status: 'pending',
      expiresAt: '2026-01-01T01:00:00.000Z',
    });
  });

  it('is decided by the quorum; the fact answers the newest token', async () => {
    const { tokens, open, approve, answer, told, table } = setUp();
    await open();
    await open('token-2');
    expect((await approve('bob')).status).toBe('pending');
    await answer();
    expect(tokens.answers).toEqual([]);
    expect((await approve('cleo')).status).toBe('approved');
    expect(told()).toEqual(['ApprovalRequested.v1', 'ApprovalDecided.v1']);
    expect(table.published.at(-1)?.detail).toMatchObject({
      metadata: { actor: { type: 'user', id: 'cleo' }, correlationId: 'E1' },
      data: { decision: 'approved', decidedBy: ['bob', 'cleo'] },
    });
    await answer();
    expect(tokens.answers).toEqual([
      {
        taskToken: 'token-2',
        output: { decision: 'approved', decidedBy: ['bob', 'cleo'], comment: 'cleo says so' },
      },
    ]);
    expect(task.output.parse(tokens.answers[0]?.output)).toBeTruthy();
  });

  it('that was rejected fails the release with the reason', async () => {
    const { tokens, open, approve, answer } = setUp();
    await open();
    await approve('bob', 'rejected');
    await answer();
    expect(tokens.answers).toEqual([
      { taskToken: 'token-1', code: 'ApprovalRejected', cause: 'Rejected by bob: bob says so' },
    ]);
  });

  it('answers at once a step that asks again after the decision', async () => {
    const { tokens, open, approve } = setUp();
    await open();
    await approve('bob', 'rejected');
    await open('token-2');
    expect(tokens.answers).toEqual([expect.objectContaining({ taskToken: 'token-2' })]);
  });

  it('counts both of two decisions at the same moment', async () => {
    const { open, approve, deps } = setUp();
    await open();
    await Promise.all([approve('bob'), approve('cleo')]);
    expect((await readApproval(deps.store, 'R1', everything)).status).toBe('approved');
  });

  it('expires once, and not after a decision', async () => {
    const { open, approve, deps, told } = setUp();
    await open();
    await expireApproval(deps, 'R1');
    await expireApproval(deps, 'R1');
    expect(told()).toEqual(['ApprovalRequested.v1', 'ApprovalExpired.v1']);
    await expect(approve('bob')).rejects.toMatchObject({ code: 'ApprovalClosed' });
  });

  it('does not exist for those who may not see its project', async () => {
    const { open, deps } = setUp();
    await open();
    const stranger = { maySee: () => false, mayApprove: () => false };
    const code = 'ApprovalNotFound';
    await expect(readApproval(deps.store, 'R1', stranger)).rejects.toMatchObject({ code });
    await expect(
      decideApproval(deps, {
        approvalId: 'R1',
        by: 'eve',
        permissions: stranger,
        decision: 'approved',
        comment: 'x',
        subjectDigest,
      }),
    ).rejects.toMatchObject({ code });
    expect((await listApprovals(deps.store, { permissions: stranger })).items).toEqual([]);
  });

  it('is listed newest first, by project and status, and never with its token', async () => {
    const { open, approve, deps, clock } = setUp();
    await open();
    clock.advanceSeconds(1);
    await open('token-9', 'R2');
    await approve('bob', 'rejected');
    const all = await listApprovals(deps.store, { permissions: everything, project: 'tumour' });
    expect(all.items.map(({ approvalId }) => approvalId)).toEqual(['R2', 'R1']);
    expect(JSON.stringify(all)).not.toContain('token-');
    const pending = await listApprovals(deps.store, { permissions: everything, status: 'pending' });
    expect(pending.items.map(({ approvalId }) => approvalId)).toEqual(['R2']);
    expect((await listApprovals(deps.store, { permissions: everything, project: 'wine' })).items).toEqual([]);
  });

  it('is found on later pages, whose tokens name nothing of other projects', async () => {
    const { open, deps, clock } = setUp();
    for (let i = 0; i < 120; i++) {
      clock.advanceSeconds(1);
      await open('token', `R${i}`, i % 60 === 0 ? 'wine' : 'tumour');
    }
    const permissions = { maySee: (project: string) => project === 'wine' };
    const first = await listApprovals(deps.store, { permissions });
    const { nextPageToken: pageToken } = first;
    const second = await listApprovals(deps.store, { permissions, pageToken });
    expect([first, second].map(({ items }) => items.map(({ approvalId }) => approvalId))).toEqual([
      ['R60'],
      ['R0'],
    ]);
    expect(decodePageToken(pageToken!)).toMatchObject({ approvalId: 'R60' });
    expect(second.nextPageToken).toBeUndefined();
  });

  it('is not listed behind a token that no list made', async () => {
    const { deps } = setUp();
    for (const made of [{}, { approvalId: 'R1' }, 7, null]) {
      const listing = listApprovals(deps.store, {
        permissions: everything,
        pageToken: encodePageToken(made),
      });
      await expect(listing).rejects.toMatchObject({ code: 'InvalidPageToken' });
    }
  });
});

describe('an approval request whose release ended', () => {
  it('is closed, once, and says why', async () => {
    const { deps, open, withdraw, told, approve } = setUp();
    await open();
    await withdraw();
    await withdraw();
    expect(told()).toEqual(['ApprovalRequested.v1', 'ApprovalDecided.v1']);
    expect(await readApproval(deps.store, 'R1', everything)).toMatchObject({
      status: 'rejected',
      decisions: [{ by: 'deployment', comment: 'The release ended: Version 2 is in quarantine.' }],
    });
    await expect(approve('bea')).rejects.toMatchObject({ code: 'ApprovalClosed' });
  });

  it('stays as people decided', async () => {
    const { deps, open, withdraw, approve, told } = setUp();
    await withdraw();
    await open();
    await approve('ann', 'rejected');
    await withdraw();
    expect(told()).toEqual(['ApprovalRequested.v1', 'ApprovalDecided.v1']);
    expect((await readApproval(deps.store, 'R1', everything)).decisions).toHaveLength(1);
  });
});
