import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideApproval } from '#services/approvals/contract.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { type Changes, exampleText } from './project.ts';

describe.skipIf(deployedUrl)('an approval', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.startLaptop();
  });
  afterAll(() => platform?.close());

  /** A version of a project with such a policy, trained on what ann uploaded, that waits for people. */
  async function waiting(approval: Changes[string]) {
    const journey = new ProjectJourney(platform);
    await journey.apply({ approval });
    await journey.upload(exampleText('data/first-upload.csv'), 'ann');
    const request = await journey.approvalOf(1);
    const approve = (as: string) => platform.command('approve', request.approvalId, '--as', as);
    const status = async () => (await journey.approvals())[0]?.status;
    return { journey, request, approve, status };
  }

  it('is not the requester’s to give where the project says so', async () => {
    const { journey, request, approve, status } = await waiting({ requesterMayApprove: false });
    expect(request.requestedBy).toBe('ann');
    const own = await approve('ann');
    expect(own).toMatchObject({ code: 4, stderr: expect.stringContaining('RequesterMayNotApprove') });
    expect(await status()).toBe('pending');
    expect(await approve('ben')).toMatchObject({ code: 0, stdout: expect.stringContaining('is approved') });
    await journey.promotion(1);
  });

  it('takes as many people as the quorum, each counted once, and only those named', async () => {
    const policy = { quorum: 2, approvers: ['ann', 'ben', 'cleo'] };
    const { journey, approve, status } = await waiting(policy);
    expect(await approve('dan')).toMatchObject({ code: 4, stderr: expect.stringContaining('NotAnApprover') });
    expect(await approve('ann')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 of 2 approvals are in'),
    });
    await approve('ann');
    expect(await status()).toBe('pending');
    expect(await approve('cleo')).toMatchObject({ code: 0, stdout: expect.stringContaining('is approved') });
    await journey.promotion(1);
  });

  it('is refused for good by one rejection, and nothing is deployed', async () => {
    const { journey, request, approve } = await waiting({ quorum: 2 });
    const rejection = ['reject', request.approvalId, '--as', 'ben', '--comment', 'Recall is too low.'];
    expect(await platform.command(...rejection)).toMatchObject({ code: 0 });
    expect(await approve('ann')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('ApprovalClosed'),
    });
    const release = await journey.release(1, 'rejected');
    expect(release.reason).toContain('Recall is too low.');
    expect((await journey.deployment()).routing).toBeUndefined();
  });

  it('is not given in time: the release ends, and a late decision is refused', async () => {
    const { journey, approve, status } = await waiting({ expiresAfterHours: 2 / 3600 });
    const release = await journey.release(1, 'rejected');
    expect(release.reason).toContain('Nobody decided in time');
    expect(await status()).toBe('expired');
    expect(await approve('ben')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('ApprovalClosed'),
    });
  });

  it('holds for what was shown only', async () => {
    const { journey, request, status } = await waiting({});
    const decision = journey.as('ben').call(decideApproval, {
      params: { approvalId: request.approvalId },
      body: { decision: 'approved', comment: 'Fine.', subjectDigest: '0'.repeat(64) },
    });
    await expect(decision).rejects.toThrow('SubjectChanged');
    expect(await status()).toBe('pending');
  });
});
