import { afterEach, describe, expect, it, vi } from 'vitest';
import { serviceStacks } from './stacks/index.ts';
import { composeForTest } from './testing/synthesize.ts';

const account = '210987654321';
/** One region of each partition that AWS sells to the public. */
const regions = [
  ['eu-central-1', 'aws'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['cn-north-1', 'aws-cn'],
] as const;

/** Regions and accounts as they stand in ARNs, names and addresses. */
const regionText = /\b(?:us|us-gov|eu|ap|ca|sa|af|me|il|cn|mx)-(?:[a-z]+)-\d\b/g;
const accountText = /(?<![0-9a-f])\d{12}(?![0-9a-f])/g;
const arnText = /arn:(aws[a-z-]*):/g;

/** The templates of stage dev as the CDK command line's environment decides them. */
function templates(environment: { account: string; region: string }) {
  vi.stubEnv('CDK_DEFAULT_ACCOUNT', environment.account);
  vi.stubEnv('CDK_DEFAULT_REGION', environment.region);
  const { stacks } = composeForTest('dev', serviceStacks).synth();
  return { stacks, text: JSON.stringify(stacks.map(({ template }) => template)) };
}
const all = (text: string, pattern: RegExp): Set<string | undefined> =>
  new Set([...text.matchAll(pattern)].map((match) => match[1] ?? match[0]));

afterEach(() => vi.unstubAllEnvs());

describe.each(regions)('templates for %s', (region, partition) => {
  it('name no other account, region or partition', () => {
    const { stacks, text } = templates({ account, region });
    expect(stacks.map(({ environment }) => environment.name)).toEqual(
      stacks.map(() => `aws://${account}/${region}`),
    );
    expect(all(text, regionText)).toEqual(new Set([region]));
    expect(all(text, accountText)).toEqual(new Set([account]));
    expect([...all(text, arnText)].filter((found) => found !== partition)).toEqual([]);
  });

  it('give addresses of its domain', () => {
    const { stacks } = templates({ account, region });
    const { Outputs: outputs } = stacks.find(({ stackName }) => stackName.endsWith('-api'))!.template as {
      Outputs: Record<string, { Value: unknown }>;
    };
    // API Gateway answers the HTTP API's address itself; the REST API's is put together, with the partition's domain.
    expect(outputs['PlatformUrl']!.Value).toMatchObject({
      'Fn::GetAtt': [expect.any(String), 'ApiEndpoint'],
    });
    expect(JSON.stringify(outputs['PredictionUrl']!.Value)).toMatch(
      new RegExp(`\\.execute-api\\.${region}\\.",\\{"Ref":"AWS::URLSuffix"\\},"/live`),
    );
  });
});

describe('templates without an environment', () => {
  it('name no account, region or partition: whoever deploys them decides', () => {
    const { stacks, text } = templates({ account: '', region: '' });
    expect(new Set(stacks.map(({ environment }) => environment.name))).toEqual(
      new Set(['aws://unknown-account/unknown-region']),
    );
    for (const pattern of [regionText, accountText, arnText]) expect([...all(text, pattern)]).toEqual([]);
    expect(text).not.toMatch(/amazonaws\.com\.cn|\.amazonaws\.com(?=\/)/);
  });
});

describe('a region or account that is written down', () => {
  it.each([
    ['arn:aws:sns:eu-west-1:', regionText, 'eu-west-1'],
    ['"millrace-123456789012-data"', accountText, '123456789012'],
    ['arn:aws:states:::lambda:invoke', arnText, 'aws'],
  ])('is found in %s', (text, pattern, found) => {
    expect([...all(text, pattern)]).toEqual([found]);
  });
});
