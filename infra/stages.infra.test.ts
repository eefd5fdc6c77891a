import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lawViolations } from './laws/index.ts';
import { serviceStacks } from './stacks/index.ts';
import { SampleStack } from './testing/sample-stack.ts';
import { inspect } from './testing/synthesize.ts';

const stages = ['local', 'dev', 'prod'] as const;
const goldenFile = new URL('golden/stateful-logical-ids.json', import.meta.url);

/** What loses data when CloudFormation replaces it, which it does when the logical id changes. */
const statefulTypes: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
]);

const inspected = new Map(stages.map((stage) => [stage, inspect(stage, serviceStacks)]));

describe.each(stages)('stage %s', (stage) => {
  const templates = inspected.get(stage)!;
  const { resources, nagFindings } = templates;

  it('keeps every law of the platform', () => {
    expect(lawViolations(templates)).toEqual([]);
  });

  it('gives cdk-nag nothing to find that has no reason', () => {
    expect(nagFindings).toEqual([]);
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
    const sample = inspect(stage, [SampleStack]);
    expect(sample.nagFindings).toEqual([]);
    expect(lawViolations(sample)).toEqual([]);
  });
});

describe('anonymous identity', () => {
  it.each(['dev', 'prod'] as const)('cannot pass API Gateway in stage %s', (stage) => {
    const authorizers = inspected.get(stage)!.resources.filter(({ type }) => type.endsWith('::Authorizer'));
    expect(authorizers).toHaveLength(2);
    for (const { properties } of authorizers)
      expect(JSON.stringify(properties['IdentitySource'])).toContain('Authorization');
  });
});

describe('prefixes of the buckets', () => {
  const writers = objectGrants('s3:PutObject');

  it('are written by one service each', () => {
    const shared = writers.flatMap((one) =>
      writers
        .filter((other) => other.stackName !== one.stackName && other.prefix.startsWith(one.prefix))
        .map((other) => `${other.prefix} is written by ${other.stackName} and ${one.stackName}`),
    );
    expect(shared).toEqual([]);
  });

  it('are read only where somebody writes', () => {
    const nobodyWrites = objectGrants('s3:GetObject')
      .filter(
        ({ prefix }) => !writers.some((w) => prefix.startsWith(w.prefix) || w.prefix.startsWith(prefix)),
      )
      .map(({ stackName, prefix }) => `${stackName} reads ${prefix}`);
    expect(nobodyWrites).toEqual([]);
  });
});

describe('what stacks name without a reference', () => {
  const { resources } = inspected.get('local')!;

  it('is there: every function that something may invoke', () => {
    const names = new Set(resources.map(({ properties }) => properties['FunctionName']));
    const invoked = new Set(JSON.stringify(resources).match(/(?<=:function:)millrace-local-[a-z-]+/g));
    expect([...invoked].filter((name) => !names.has(name))).toEqual([]);
  });

  it('is there: every state machine that something may start or answer', () => {
    const names = new Set(resources.map(({ properties }) => properties['StateMachineName']));
    const named = new Set(
      JSON.stringify(resources).match(/(?<=:(stateMachine|execution):)millrace-local-[a-z]+/g),
    );
    expect([...named].filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('stateful resources', () => {
  it('keep their logical ids, so that no deployment replaces what holds data', () => {
    const idsOf = (stage: (typeof stages)[number]) =>
      inspected
        .get(stage)!
        .resources.filter(({ type }) => statefulTypes.has(type))
        .map(
          ({ stackName, logicalId, type }) =>
            `${stackName.replace(`-${stage}-`, '-<stage>-')}/${logicalId} ${type}`,
        )
        .sort();
    const ids = idsOf('prod');
    if (process.env['MILLRACE_GOLDEN'] === 'write') {
      writeFileSync(goldenFile, `${JSON.stringify(ids, undefined, 2)}\n`);
    }
    const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as string[];
    const cure =
      'Another logical id is another resource, without the data. For new ones run with MILLRACE_GOLDEN=write.';
    expect(ids, cure).toEqual(golden);
    for (const stage of stages) expect(idsOf(stage)).toEqual(ids);
  });
});

interface Statement {
  readonly Action: unknown;
  readonly Resource: unknown;
}
function statementsOf(properties: Readonly<Record<string, unknown>>): Statement[] {
  return (properties['PolicyDocument'] as { Statement: Statement[] }).Statement;
}

/** Who may do this to objects, and below which prefix, in stage local, where ARNs are whole. */
function objectGrants(action: string): { stackName: string; prefix: string }[] {
  return inspected.get('local')!.resources.flatMap(({ stackName, type, properties }) =>
    type !== 'AWS::IAM::Policy'
      ? []
      : statementsOf(properties)
          .filter(({ Action }) => [Action].flat().includes(action))
          .flatMap(({ Resource }) => [Resource].flat())
          .map((arn) => ({ stackName, prefix: String(arn).replace(/^arn:aws:s3:::|\*$/g, '') })),
  );
}
