import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAssemblyWithout } from './assemblies.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform({
  assemble: localAssemblyWithout({
    stack: 'Millrace-local-identity',
    policy: 'everyhour',
    action: 'dynamodb:Query',
  }),
});

beforeAll(() => platform.start());
afterAll(() => platform.close());

describe('a function whose role lost a permission', () => {
  it('is denied what it does, by role, action and resource', async () => {
    const denied = platform.invoke('identity', 'every-hour', {});
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /assumed-role\/\S*identity\S*every-?hour\S* is not authorized to perform: dynamodb:Query on resource: \S+table\/millrace-local-identity/,
      ),
    });
  });

  it('leaves the others what they may do', async () => {
    await expect(platform.invoke('identity', 'task-issue-first-token', {})).resolves.toMatchObject({
      name: 'first-admin',
    });
  });
});
