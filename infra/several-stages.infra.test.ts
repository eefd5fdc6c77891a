import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { describe, expect, it } from 'vitest';
import { resourcesOf } from './laws/resource.ts';
import { serviceStacks } from './stacks/index.ts';
import { physicalNames } from './testing/physical-names.ts';
import { composeForTest } from './testing/synthesize.ts';

/** Two stages that the repository has, and one that a user adds whose name begins like another's. */
const stages = ['dev', 'prod', 'dev2'] as const;
type StageName = (typeof stages)[number];

const stacks = new Map<StageName, readonly CloudFormationStackArtifact[]>(
  stages.map((stage) => [
    stage,
    composeForTest(stage === 'dev2' ? 'dev' : stage, serviceStacks, { stage }).synth().stacks,
  ]),
);
const pairs: [StageName, StageName][] = [
  ['dev', 'prod'],
  ['dev', 'dev2'],
  ['prod', 'dev2'],
];
const inBoth = (a: readonly string[], b: readonly string[]): string[] => {
  const others = new Set(b);
  return a.filter((name) => others.has(name));
};
const resources = (stage: StageName) =>
  resourcesOf({ stage, removalProtection: false, alarms: true }, stacks.get(stage)!).resources;

describe.each(pairs)('stages %s and %s in one account and region', (one, other) => {
  it('share no physical name', () => {
    const [a, b] = [physicalNames(resources(one)), physicalNames(resources(other))];
    expect(a.length).toBeGreaterThan(200);
    expect(inBoth(a, b)).toEqual([]);
  });

  it('share no stack and no export', () => {
    const namesOf = (stage: StageName) =>
      stacks.get(stage)!.flatMap(({ stackName, template }) => {
        const outputs = (template as { Outputs?: Record<string, { Export?: { Name: string } }> }).Outputs;
        const exported = Object.values(outputs ?? {}).flatMap(({ Export }) => (Export ? [Export.Name] : []));
        return [stackName, ...exported];
      });
    expect(namesOf(one).some((name) => name.includes('Export'))).toBe(true);
    expect(inBoth(namesOf(one), namesOf(other))).toEqual([]);
  });

  it('may not reach each other’s resources', () => {
    const wrote = (stage: StageName) => JSON.stringify(resources(stage));
    const named = (stage: StageName) => new RegExp(`[Mm]illrace[-/]${stage}(?![a-z0-9])`);
    expect(wrote(one)).toMatch(named(one));
    expect(wrote(one)).not.toMatch(named(other));
    expect(wrote(other)).not.toMatch(named(one));
  });
});

describe('a name that is not the stage’s own', () => {
  const alarm = (AlarmName: unknown) => ({
    stackName: 'S',
    logicalId: 'A',
    type: 'AWS::CloudWatch::Alarm',
    properties: { AlarmName, MetricName: { Ref: 'Other' } },
    metadata: {},
    deletionPolicy: 'Delete',
    updateReplacePolicy: 'Delete',
  });

  it('is found', () => {
    const fixed = physicalNames([alarm('millrace-errors')]);
    expect(inBoth(fixed, physicalNames([alarm('millrace-errors')]))).toEqual([
      'AWS::CloudWatch::Alarm AlarmName "millrace-errors"',
    ]);
  });

  it('is found where it differs by account and region only', () => {
    const byRegion = { 'Fn::Join': ['-', ['errors', { Ref: 'AWS::Region' }]] };
    expect(physicalNames([alarm(byRegion)])).toHaveLength(1);
  });
});
