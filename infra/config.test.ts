import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { cdkJsonSchema, contextOfCdkJson, readStageConfig } from './config.ts';

type Stages = Record<string, Record<string, unknown>>;
const committed = contextOfCdkJson() as { stages: Stages };

const read = (context: Record<string, unknown>) =>
  readStageConfig(new App({ context: { ...committed, ...context } }).node);
const withChange = (stage: string, change: Record<string, unknown>) =>
  read({ stage, stages: { ...committed.stages, [stage]: { ...committed.stages[stage], ...change } } });

describe('the stages of cdk.json', () => {
  it('are local, dev and prod, and dev is the one that is meant when none is named', () => {
    expect(Object.keys(committed.stages)).toEqual(['local', 'dev', 'prod']);
    expect(read({}).stage).toBe('dev');
  });

  it.each(['dev', 'prod'])('let nobody in without a token in %s', (stage) => {
    expect(read({ stage }).anonymousIdentity).toBe(false);
  });

  it('raise alarms in prod, and cost nothing while idle in dev', () => {
    expect(['dev', 'prod'].map((stage) => read({ stage }).alarms)).toEqual([false, true]);
  });

  it('protect what prod stores', () => {
    expect(read({ stage: 'prod' }).removalProtection).toBe(true);
  });
});

describe('a stage that is not valid', () => {
  it('names the stages there are when it is unknown', () => {
    expect(() => read({ stage: 'staging' })).toThrow(
      /'staging' is none of the stages in cdk.json: local, dev, prod/,
    );
  });

  it('may not answer requests without a token, unless it is local', () => {
    expect(() => withChange('prod', { anonymousIdentity: true })).toThrow(
      /only 'local' may answer requests without a token/,
    );
  });

  it('may not run deployed functions on the architecture of this machine', () => {
    expect(() => withChange('dev', { architecture: 'host' })).toThrow(
      /architecture must be 'arm64' in this stage/,
    );
  });

  it('may not deploy by canary on the laptop', () => {
    expect(() => withChange('local', { functionDeployment: 'canary' })).toThrow(
      /the laptop runtime has no CodeDeploy/,
    );
  });

  it('may not have a front of CloudFront on the laptop', () => {
    expect(withChange('dev', {}).trackingFront).toBe(false);
    expect(withChange('dev', { trackingFront: true }).trackingFront).toBe(true);
    expect(() => withChange('local', { trackingFront: true })).toThrow(
      /trackingFront must be left out in this stage: the laptop has no CloudFront/,
    );
  });

  it.each([
    ['logRetentionDays', 8],
    ['alarmEmail', 'nobody'],
    ['permissionsBoundaryArn', 'boundary'],
    ['encryptionKeyArn', 'arn:aws:kms:eu-central-1:123456789012:alias/millrace'],
    ['throttles', { requestsPerSecond: 0, predictionsPerSecond: 1, burst: 1 }],
    ['removalProtecion', true],
  ])('names the setting %s that cannot be', (setting, value) => {
    expect(() => withChange('dev', { [setting]: value })).toThrow(new RegExp(setting));
  });

  it('may not encrypt what the laptop stores with a key of KMS', () => {
    const encryptionKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/k';
    expect(withChange('dev', { encryptionKeyArn }).encryptionKeyArn).toBe(encryptionKeyArn);
    expect(() => withChange('local', { encryptionKeyArn })).toThrow(
      /encryptionKeyArn must be left out in this stage: the laptop has no KMS/,
    );
  });

  const domain = {
    platformName: 'millrace.example.com',
    predictionName: 'predict.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/c',
  };
  it.each([
    ['certificateArn', 'arn:aws:iam::123456789012:server-certificate/c'],
    ['platformName', 'https://millrace.example.com'],
    ['predictionName', 'millrace.example.com'],
    ['hostedZoneId', 'example.com'],
    ['zoneName', 'example.com'],
  ])('names the member %s of its domain that cannot be', (member, value) => {
    expect(withChange('dev', { domain }).domain).toEqual(domain);
    expect(() => withChange('dev', { domain: { ...domain, [member]: value } })).toThrow(
      new RegExp(`${member}|stages.dev.domain`),
    );
  });

  it('has no domain on the laptop', () => {
    expect(() => withChange('local', { domain })).toThrow(/domain must be left out in this stage/);
  });

  it('may not shift functions by a canary that no alarm stops', () => {
    expect(() => withChange('dev', { functionDeployment: 'canary', alarms: false })).toThrow(
      /functionDeployment 'canary' needs alarms: true/,
    );
  });

  it('may not send alarms that it does not have', () => {
    expect(() => withChange('dev', { alarms: false, alarmEmail: 'ops@example.com' })).toThrow(
      /alarmEmail needs alarms: true/,
    );
    expect(withChange('dev', { alarms: true, alarmEmail: 'ops@example.com' }).alarms).toBe(true);
  });

  const signIn = {
    issuer: 'https://login.example.com',
    audience: 'millrace',
    grants: { science: ['scientist:wine', 'viewer'] },
  };
  it('lets people sign in, by groups and subject unless it says otherwise', () => {
    expect(withChange('dev', { signIn }).signIn).toEqual({
      ...signIn,
      groupsClaim: 'groups',
      nameClaim: 'sub',
    });
  });
  it.each([
    ['issuer', 'http://login.example.com', /must begin with https:\/\/\s+→ at stages.dev.signIn.issuer/],
    ['audience', '', /audience/],
    ['grants', {}, /at least one group/],
    ['grants', { science: ['king'] }, /must be <role> or <role>:<project>; roles are client/],
    ['grants', { science: 'viewer' }, /grants.science/],
    ['grants', { ['g'.repeat(3000)]: ['viewer'] }, /name fewer groups/],
    ['clientSecret', 'x', /clientSecret/],
  ])('names the member %s of its signIn that cannot be', (member, value, message) => {
    expect(() => withChange('dev', { signIn: { ...signIn, [member]: value } })).toThrow(message);
  });

  const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/millrace-dev-processing';
  it.each([`${image}:0123456789abcdef`, `${image}@sha256:${'0'.repeat(64)}`])(
    'takes a processing image by tag or digest: %s',
    (processingImage) => {
      expect(withChange('dev', { processingImage }).processingImage).toBe(processingImage);
    },
  );
  it.each([
    ['dev', image, /must be the URI of an image in ECR with its tag or digest/],
    ['dev', 'docker.io/library/node:24', /npm run image prints it/],
    [
      'local',
      `${image}:1`,
      /must be 000000000000\.dkr\.ecr\.us-east-1\.amazonaws\.com\/millrace-local-processing:<any tag>/,
    ],
  ])('refuses in stage %s the processing image %s', (stage, processingImage, message) => {
    expect(() => withChange(stage, { processingImage })).toThrow(message);
  });

  it('may not have a name that makes resource names too long', () => {
    expect(() => read({ stage: 'quite-a-long-name' })).toThrow(/at most 10/);
  });
});

describe('sagemakerEndpoint', () => {
  it('is absent unless the context names one', () => {
    expect(read({})).not.toHaveProperty('sagemakerEndpoint');
    expect(read({ sagemakerEndpoint: 'http://127.0.0.1:4580' }).sagemakerEndpoint).toBe(
      'http://127.0.0.1:4580',
    );
  });

  it.each(['127.0.0.1:4580', 'ftp://127.0.0.1', ''])("is refused when it is no http(s) URL: '%s'", (url) => {
    expect(() => read({ sagemakerEndpoint: url })).toThrow(
      /must be an http or https URL, e\.g\. http:\/\/127\.0\.0\.1:4580[\s\S]*sagemakerEndpoint/,
    );
  });
});

describe('the guide to stages', () => {
  const guide = readFileSync(new URL('../docs/guide/stages.md', import.meta.url), 'utf8');
  const settings = (at: Record<string, unknown>, ...path: readonly string[]) =>
    path.reduce((schema, member) => schema[member] as Record<string, unknown>, at);
  const stage = settings(
    cdkJsonSchema(),
    ...['properties', 'context', 'properties', 'stages', 'additionalProperties'],
  );

  it('shows a stage with every setting, which is accepted', () => {
    const [, json = ''] = /```json\n("staging": [\s\S]*?)\n```/.exec(guide) ?? [];
    const { staging } = JSON.parse(`{${json}}`) as { staging: Record<string, unknown> };
    expect(read({ stage: 'staging', stages: { staging } })).toMatchObject(staging);
    expect(Object.keys(staging).sort()).toEqual(Object.keys(settings(stage, 'properties')).sort());
  });

  it('names every setting in its table', () => {
    for (const name of Object.keys(settings(stage, 'properties'))) expect(guide).toMatch(`| \`${name}`);
  });
});
