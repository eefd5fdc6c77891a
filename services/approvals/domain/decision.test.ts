import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '#services/approvals/contract.ts';
import { type DecisionInput, decide, expire } from './decision.ts';

const digest = 'a'.repeat(64);
const opened: ApprovalRequest = {
  approvalId: 'R1',
  project: 'tumour',
  model: 'tumour',
  modelVersion: 2,
  subjectDigest: digest,
  status: 'pending',
  requestedBy: 'ann',
  requestedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-08T00:00:00.000Z',
  approvers: [],
  quorum: 1,
  requesterMayApprove: false,
  metrics: { auc: 0.99 },
  decisions: [],
};
const yes: DecisionInput = {
  by: 'bob',
  isApprover: true,
  decision: 'approved',
  comment: 'good',
  subjectDigest: digest,
  at: new Date('2026-01-02T00:00:00.000Z'),
};
const by = (name: string): DecisionInput => ({ ...yes, by: name });

describe('deciding on an approval request', () => {
  it('approves when the quorum of different identities is reached', () => {
    const first = decide({ ...opened, quorum: 2 }, yes);
    expect(first).toMatchObject({ status: 'pending', decisions: [{ by: 'bob', decision: 'approved' }] });
    expect(decide(first, by('cleo'))).toMatchObject({ status: 'approved', decisions: [{}, { by: 'cleo' }] });
  });

  it('ends with one rejection, of somebody who approved before too', () => {
    const first = decide({ ...opened, quorum: 3 }, yes);
    expect(decide(first, { ...yes, decision: 'rejected' }).status).toBe('rejected');
  });

  it('lets the requester reject, and approve where the project allows it', () => {
    expect(decide(opened, { ...by('ann'), decision: 'rejected' }).status).toBe('rejected');
    expect(decide({ ...opened, requesterMayApprove: true }, by('ann')).status).toBe('approved');
  });

  it('takes those whom the project names, and nobody else', () => {
    const named = { ...opened, approvers: ['dan'] };
    expect(decide(named, by('dan')).status).toBe('approved');
    expect(() => decide(named, yes)).toThrow(/'bob' may not decide: project 'tumour' names dan/);
  });

  it('takes nobody without the role, though the project, which scientists write, names them', () => {
    const named = { ...opened, approvers: ['dan'] };
    expect(() => decide(named, { ...by('dan'), isApprover: false })).toThrow(/needs the role approver/);
  });

  it.each<[string, Partial<ApprovalRequest>, Partial<DecisionInput>, string, RegExp]>([
    ['a closed request', { status: 'approved' }, {}, 'ApprovalClosed', /'R1' is approved/],
    ['an expired request', {}, { at: new Date(opened.expiresAt) }, 'ApprovalClosed', /expired at 2026-01-08/],
    [
      'another digest',
      {},
      { subjectDigest: 'b'.repeat(64) },
      'SubjectChanged',
      /names subject b+, but .* about a+/,
    ],
    ['an identity without the role', {}, { isApprover: false }, 'NotAnApprover', /needs the role approver/],
    ['the requester', {}, { by: 'ann' }, 'RequesterMayNotApprove', /'ann' asked for this training/],
    [
      'a second approval of one identity',
      { quorum: 2, decisions: [{ by: 'bob', decision: 'approved', comment: '', at: opened.requestedAt }] },
      {},
      'AlreadyDecided',
      /2 different identities are needed/,
    ],
  ])('refuses %s', (_case, request, input, code, message) => {
    const act = () => decide({ ...opened, ...request }, { ...yes, ...input });
    expect(act).toThrow(expect.objectContaining({ code }));
    expect(act).toThrow(message);
  });

  it('never approves with fewer identities than the quorum', () => {
    const people = fc.array(fc.constantFrom('bob', 'cleo', 'dan', 'ann'), { maxLength: 8 });
    fc.assert(
      fc.property(people, fc.integer({ min: 1, max: 4 }), (names, quorum) => {
        let request: ApprovalRequest = { ...opened, quorum };
        for (const name of names) {
          try {
            request = decide(request, by(name));
          } catch {
            // Refused: the request stays as it is.
          }
        }
        const distinct = new Set(names.filter((name) => name !== opened.requestedBy)).size;
        expect(request.status === 'approved').toBe(distinct >= quorum);
      }),
    );
  });
});

describe('expiring an approval request', () => {
  it('closes a pending one and leaves a decided one', () => {
    expect(expire(opened).status).toBe('expired');
    const decided = decide(opened, yes);
    expect(expire(decided)).toBe(decided);
  });
});
