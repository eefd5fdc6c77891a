import { describe, expect, it } from 'vitest';
import { resourcesOf, type TemplateResource } from './laws/resource.ts';
import { serviceStacks } from './stacks/index.ts';
import { composeForTest } from './testing/synthesize.ts';

const permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/developer-boundary';

const rolesOf = (resources: readonly TemplateResource[]): readonly TemplateResource[] =>
  resources.filter(({ type }) => type === 'AWS::IAM::Role');
const rolesWithout = (resources: readonly TemplateResource[]): string[] =>
  rolesOf(resources)
    .filter(({ properties }) => properties['PermissionsBoundary'] !== permissionsBoundaryArn)
    .map(({ stackName, logicalId }) => `${stackName}/${logicalId}`);

describe.each(['local', 'dev', 'prod'])('the permissions boundary of stage %s', (stage) => {
  const resources = (changes = {}) =>
    resourcesOf(
      { stage, removalProtection: false, alarms: true },
      composeForTest(stage, serviceStacks, changes).synth().stacks,
    ).resources;

  it('is on every role', () => {
    const bounded = resources({ permissionsBoundaryArn });
    const kinds = new Set(
      rolesOf(bounded).map(({ properties }) => JSON.stringify(properties['AssumeRolePolicyDocument'])),
    );
    for (const service of ['lambda', 'states', 'scheduler', 'sagemaker'])
      expect([...kinds].join()).toContain(`${service}.amazonaws.com`);
    expect(rolesWithout(bounded)).toEqual([]);
  });

  it('is on none where the stage names none', () => {
    const free = resources();
    expect(rolesWithout(free)).toHaveLength(rolesOf(free).length);
    expect(JSON.stringify(free)).not.toContain('PermissionsBoundary');
  });
});
