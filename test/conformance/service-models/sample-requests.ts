import type { RecordedRequest } from '../../../scripts/local/gateway/request-recorder.ts';

const role = 'arn:aws:iam::000000000000:role/sample';

const json = (service: string, target: string, version: string, body: unknown): RecordedRequest => ({
  service,
  role,
  method: 'POST',
  path: '/',
  query: [],
  headers: { 'x-amz-target': target, 'content-type': `application/x-amz-json-${version}` },
  body,
});

const rest = (
  service: string,
  method: string,
  path: string,
  { query = [], headers = {}, body }: Partial<RecordedRequest> = {},
): RecordedRequest => ({
  service,
  role,
  method,
  path,
  query,
  headers,
  ...(body === undefined ? {} : { body }),
});

/** Valid requests in each protocol, as the recorder writes them; tests break one part of them. */
export const samples = {
  endpointConfig: (changes: object = {}) =>
    json('sagemaker', 'SageMaker.CreateEndpointConfig', '1.1', {
      EndpointConfigName: 'wine-1',
      ProductionVariants: [
        {
          VariantName: 'model',
          ModelName: 'wine-1',
          ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 },
        },
      ],
      ...changes,
    }),
  item: (changes: object = {}) =>
    json('dynamodb', 'DynamoDB_20120810.PutItem', '1.0', {
      TableName: 'orders',
      Item: { id: { S: '1' }, parts: { L: [{ N: '2' }] } },
      ...changes,
    }),
  usagePlanKey: (body: object = { keyId: 'k', keyType: 'API_KEY' }) =>
    rest('apigateway', 'POST', '/usageplans/plan/keys', { body }),
  invocation: (name = 'millrace-dev-projects-query', headers: Record<string, string> = {}) =>
    rest('lambda', 'POST', `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
      headers: { 'x-amz-invocation-type': 'RequestResponse', ...headers },
    }),
  prediction: (bytes = 100) =>
    rest('sagemaker', 'POST', '/endpoints/wine-1/invocations', {
      headers: { 'content-type': 'text/csv', 'content-length': String(bytes) },
    }),
  object: (headers: Record<string, string> = {}, query: [string, string][] = [['x-id', 'PutObject']]) =>
    rest('s3', 'PUT', '/bucket/folder/a%20b.csv', { headers: { 'if-none-match': '*', ...headers }, query }),
  multipart: (
    body = '<?xml version="1.0" encoding="UTF-8"?><CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Part><ETag>e</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>',
    query: [string, string][] = [['uploadId', 'u']],
  ) => rest('s3', 'POST', '/bucket/key', { query, body }),
  versions: () =>
    rest('s3', 'GET', '/bucket/', {
      query: [
        ['versions', ''],
        ['prefix', 'a/'],
      ],
    }),
  publication: (changes: Record<string, string> = {}) =>
    rest('sns', 'POST', '/', {
      body: {
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:alarms',
        Message: 'text',
        'MessageAttributes.entry.1.Name': 'kind',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'alarm',
        ...changes,
      },
    }),
} as const;
