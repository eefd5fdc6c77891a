import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProjectJourney } from './journey.ts';
import { Platform } from './platform.ts';
import { exampleText } from './project.ts';

describe('a rejection', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.open();
  });
  afterAll(() => platform?.close());

  it('ends the release with its reason, and nothing is deployed', async () => {
    const journey = new ProjectJourney(platform);
    await journey.apply();
    await journey.upload(exampleText('data/first-upload.csv'));
    await journey.decide(await journey.approvalOf(1), 'rejected');
    const release = await journey.release(1, 'rejected');
    expect(release.reason).toContain('rejected by a test');
    expect((await journey.deployment()).routing).toBeUndefined();
    expect(await journey.counts()).toMatchObject({ modelVersions: 1, approvals: 1, releases: 1 });
  });
});
