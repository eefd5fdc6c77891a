import { describe, expect, it } from 'vitest';
import { botocoreData } from './parts/botocore.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { wholeMatch } from './service-models/java-pattern.ts';
import { checkRequest } from './service-models/request-check.ts';
import { samples } from './service-models/sample-requests.ts';
import { readServiceModels } from './service-models/service-model.ts';

const models = await part(async () => readServiceModels(await botocoreData()));

const findingsOf = (request: Parameters<typeof checkRequest>[1]): string[] => {
  const asRecorded = JSON.parse(JSON.stringify(request)) as typeof request;
  const { operation, findings } = checkRequest(theValue(models), asRecorded);
  return findings.map((finding) => `${operation ?? '-'} ${finding.path}: ${finding.problem}`);
};

describe.skipIf(models.missing)(checkTitle('planted faults in requests', models), () => {
  it.each(Object.entries(samples))('the valid sample %s is taken', (_name, sample) => {
    expect(findingsOf(sample())).toEqual([]);
    expect(checkRequest(theValue(models), sample()).operation).toBeDefined();
  });

  const long = 'x'.repeat(300);
  const variant = { VariantName: 'model', ModelName: 'wine-1' };
  it.each([
    // JSON
    [
      'a missing member',
      samples.endpointConfig({ ProductionVariants: undefined }),
      'SageMaker CreateEndpointConfig ProductionVariants: is required and missing',
    ],
    [
      'a missing member below',
      samples.endpointConfig({ ProductionVariants: [{ ModelName: 'wine-1' }] }),
      'SageMaker CreateEndpointConfig ProductionVariants[0].VariantName: is required and missing',
    ],
    [
      'a value that is not in the enum',
      samples.endpointConfig({ ProductionVariants: [{ ...variant, InstanceType: 'ml.huge' }] }),
      /^SageMaker CreateEndpointConfig ProductionVariants\[0\]\.InstanceType: is "ml\.huge"; one of ml\./,
    ],
    [
      'too long a name',
      samples.endpointConfig({ EndpointConfigName: 'x'.repeat(64) }),
      'SageMaker CreateEndpointConfig EndpointConfigName: has 64 characters; 63 is the most',
    ],
    [
      'a name against the pattern',
      samples.endpointConfig({ EndpointConfigName: 'my_wine' }),
      /^SageMaker CreateEndpointConfig EndpointConfigName: is "my_wine"; .* is expected$/,
    ],
    [
      'an unknown member',
      samples.endpointConfig({ EndpointName: 'wine' }),
      'SageMaker CreateEndpointConfig EndpointName: is no member that the service knows',
    ],
    [
      'too few entries',
      samples.endpointConfig({ ProductionVariants: [] }),
      'SageMaker CreateEndpointConfig ProductionVariants: has 0 entries; 1 is the least',
    ],
    [
      'a number out of range',
      samples.endpointConfig({
        ProductionVariants: [{ ...variant, ServerlessConfig: { MemorySizeInMB: 512, MaxConcurrency: 5 } }],
      }),
      'SageMaker CreateEndpointConfig ProductionVariants[0].ServerlessConfig.MemorySizeInMB: is 512; 1024 is the least',
    ],
    [
      'a wrong type deep below',
      samples.item({ Item: { id: { S: '1' }, parts: { L: [{ N: 2 }] } } }),
      'DynamoDB PutItem Item.parts.L[0].N: is 2; a text is expected',
    ],
    [
      'an unknown operation',
      { ...samples.item(), headers: { 'x-amz-target': 'DynamoDB_20120810.PutItems' } },
      '- : DynamoDB_20120810.PutItems is no operation of dynamodb',
    ],
    // REST with JSON
    [
      'a missing member',
      samples.usagePlanKey({ keyId: 'k' }),
      'API Gateway CreateUsagePlanKey keyType: is required and missing',
    ],
    [
      'an unknown member',
      samples.usagePlanKey({ keyId: 'k', keyType: 'API_KEY', planId: 'p' }),
      'API Gateway CreateUsagePlanKey planId: is no member that the service knows',
    ],
    [
      'a header that is not in the enum',
      samples.invocation('f', { 'x-amz-invocation-type': 'Later' }),
      'Lambda Invoke InvocationType: is "Later"; one of Event, RequestResponse, DryRun is expected',
    ],
    [
      'too long a name in the path',
      samples.invocation(long),
      /^Lambda Invoke FunctionName: has 300 characters; \d+ is the most$/,
    ],
    [
      'a path of no operation',
      { ...samples.invocation(), path: '/2015-03-31/function/f/invocations' },
      '- : POST /2015-03-31/function/f/invocations is no operation of lambda',
    ],
    [
      'too much content',
      samples.prediction(30_000_000),
      /^SageMaker Runtime InvokeEndpoint Body: has 30000000 bytes; \d+ is the most$/,
    ],
    // REST with XML
    [
      'a missing parameter',
      samples.multipart(undefined, []),
      'S3 CompleteMultipartUpload UploadId: is required and missing',
    ],
    [
      'a header that is not in the enum',
      samples.object({ 'x-amz-storage-class': 'CHEAP' }),
      /^S3 PutObject StorageClass: is "CHEAP"; one of STANDARD, /,
    ],
    [
      'an unknown header',
      samples.object({ 'x-amz-colour': 'red' }),
      'S3 PutObject x-amz-colour: is no member that the service knows',
    ],
    [
      'an unknown parameter of the query',
      samples.object({}, [['colour', 'red']]),
      'S3 PutObject ?colour: is no member that the service knows',
    ],
    [
      'an unknown element',
      samples.multipart(
        '<CompleteMultipartUpload><Part><Tag>e</Tag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>',
      ),
      'S3 CompleteMultipartUpload MultipartUpload.Part[0].Tag: is no member that the service knows',
    ],
    [
      'a text for a number',
      samples.multipart(
        '<CompleteMultipartUpload><Part><PartNumber>one</PartNumber></Part></CompleteMultipartUpload>',
      ),
      'S3 CompleteMultipartUpload MultipartUpload.Part[0].PartNumber: is "one"; a whole number is expected',
    ],
    // Query
    [
      'a missing member',
      samples.publication({ 'MessageAttributes.entry.1.Value.DataType': undefined! }),
      'SNS Publish MessageAttributes.kind.DataType: is required and missing',
    ],
    [
      'an unknown member',
      samples.publication({ Topic: 't' }),
      'SNS Publish Topic: is no member that the service knows',
    ],
  ] as const)('%s is found: %#', (_what, request, finding) => {
    expect(findingsOf(request)).toContainEqual(
      typeof finding === 'string' ? finding : expect.stringMatching(finding),
    );
  });

  it('patterns are compared as Java does, as a whole', () => {
    expect(wholeMatch('[a-z]+')?.test('abc1')).toBe(false);
    expect(wholeMatch('\\A\\S[\\p{Print}]*\\z')?.test('a b')).toBe(true);
    expect(wholeMatch('[\\w-_\\:]*')?.test('a-b_c:')).toBe(true);
    expect(wholeMatch('[\\u0020-\\uD7FF\\uD800\\uDC00-\\uDBFF\\uDFFF]*')?.test('wine 🍷')).toBe(true);
    expect(wholeMatch(['([a-z]*)$', '{1,128}'].join(''))?.test('abc')).toBe(true);
  });

  it('every pattern can be translated', async ({ annotate }) => {
    const patterns = [...theValue(models).values()]
      .flat()
      .flatMap(({ metadata, shapes }) =>
        Object.entries(shapes).flatMap(([name, { pattern }]) =>
          pattern === undefined ? [] : [{ name: `${metadata.serviceId} ${name}`, pattern }],
        ),
      );
    const unreadable = patterns.filter(({ pattern }) => wholeMatch(pattern) === undefined);
    expect(unreadable.map(({ name }) => name)).toEqual([]);
    await annotate(`all ${patterns.length} patterns are compared`);
  });
});
