import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lawViolations } from './laws/index.ts';
import { resourcesOf, type StageTemplates } from './laws/resource.ts';
import { serviceStacks } from './stacks/index.ts';
import { nagFindings } from './testing/nag.ts';
import { SampleStack } from './testing/sample-stack.ts';
import { composeForTest } from './testing/synthesize.ts';

const stages = ['local', 'dev', 'prod'] as const;
const goldenFile = new URL('golden/stateful-logical-ids.json', import.meta.url);

/** What loses data when CloudFormation replaces it, which it does when the logical id changes. */
const statefulTypes: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
]);

const templatesOf = (stage: string): StageTemplates =>
  resourcesOf(stage, composeForTest(stage, serviceStacks).synth().stacks);
const templates = new Map(stages.map((stage) => [stage, templatesOf(stage)]));

describe.each(stages)('stage %s', (stage) => {
  const { resources } = templates.get(stage)!;

  it('keeps every law of the platform', () => {
    expect(lawViolations({ stage, resources })).toEqual([]);
  });

  it('gives cdk-nag nothing to find that has no reason', () => {
    expect(nagFindings(composeForTest(stage, serviceStacks))).toEqual([]);
  });

  it('has no resource that CDK makes behind our back', () => {
    expect(
      resources.filter(({ type }) => type.startsWith('Custom::')).map(({ logicalId }) => logicalId),
    ).toEqual([]);
  });

  it('gives each function a role of its own', () => {
    const roles = resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ stackName, properties }) => `${stackName} ${JSON.stringify(properties['Role'])}`);
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('lets a service write to its own table only', () => {
    const writes = /dynamodb:(Put|Update|Delete|BatchWrite)/;
    const foreign = resources.filter(
      ({ type, properties }) =>
        type === 'AWS::IAM::Policy' &&
        statementsOf(properties).some(
          ({ Action, Resource }) =>
            writes.test(JSON.stringify(Action)) && JSON.stringify(Resource).includes(':table/'),
        ),
    );
    expect(foreign.map(({ stackName, logicalId }) => `${stackName}/${logicalId}`)).toEqual([]);
  });

  it('has names that AWS takes', () => {
    const tooLong = resources
      .map(({ properties }) => properties['FunctionName'] ?? properties['Name'] ?? properties['RoleName'])
      .filter((name) => typeof name === 'string' && name.length > 64);
    expect(tooLong).toEqual([]);
  });
});

describe('the constructs', () => {
  it.each(stages)('keep every law and are clean to cdk-nag in stage %s, all of them', (stage) => {
    const app = composeForTest(stage, [SampleStack]);
    expect(nagFindings(app)).toEqual([]);
    expect(lawViolations(resourcesOf(stage, app.synth().stacks))).toEqual([]);
  });
});

describe('anonymous identity', () => {
  it.each(['dev', 'prod'] as const)('cannot pass API Gateway in stage %s', (stage) => {
    const authorizers = templates.get(stage)!.resources.filter(({ type }) => type.endsWith('::Authorizer'));
    expect(authorizers).toHaveLength(2);
    for (const { properties } of authorizers)
      expect(JSON.stringify(properties['IdentitySource'])).toContain('Authorization');
  });
});

describe('stateful resources', () => {
  it('keep their logical ids, so that no deployment replaces what holds data', () => {
    const ids = stages.flatMap((stage) =>
      templates
        .get(stage)!
        .resources.filter(({ type }) => statefulTypes.has(type))
        .map(({ stackName, logicalId, type }) => `${stackName}/${logicalId} ${type}`),
    );
    if (process.env['MILLRACE_GOLDEN'] === 'write')
      writeFileSync(goldenFile, `${JSON.stringify(ids, undefined, 2)}\n`);
    const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as string[];
    expect(ids, 'Renaming one deletes its data. When that is meant, run with MILLRACE_GOLDEN=write.').toEqual(
      golden,
    );
  });
});

interface Statement {
  readonly Action: unknown;
  readonly Resource: unknown;
}
function statementsOf(properties: Readonly<Record<string, unknown>>): Statement[] {
  return (properties['PolicyDocument'] as { Statement: Statement[] }).Statement;
}
