import { describe, expect, it } from 'vitest';
import type { CreateTransformJobInput } from '../api/transform-inputs.ts';
import { planTransform } from './transform-data.ts';

const job = (changes: Partial<CreateTransformJobInput> = {}): CreateTransformJobInput => ({
  TransformJobName: 'job',
  ModelName: 'model',
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://in/x' } },
    ContentType: 'text/csv',
    SplitType: 'Line',
  },
  TransformOutput: { S3OutputPath: 's3://out', AssembleWith: 'Line' },
  TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  ...changes,
});
const payloads = (input: CreateTransformJobInput, object: string): string[] =>
  [...planTransform(input).requests(Buffer.from(object))].map(({ payload }) => payload.toString());

describe('planTransform', () => {
  it('sends many records at once, up to MaxPayloadInMB', () => {
    expect(payloads(job(), '1\n2\n3\n')).toEqual(['1\n2\n3\n']);
    const line = 'x'.repeat(600_000);
    expect(payloads(job({ MaxPayloadInMB: 1 }), `${line}\n${line}\n`)).toHaveLength(2);
  });

  it('sends one record at a time with SingleRecord', () => {
    expect(payloads(job({ BatchStrategy: 'SingleRecord' }), '1\r\n2')).toEqual(['1\n', '2\n']);
  });

  it('sends the whole object when it is not split', () => {
    const { SplitType: _none, ...unsplit } = job().TransformInput;
    expect(payloads(job({ TransformInput: unsplit }), '1\n2')).toEqual(['1\n2']);
  });

  it('fails the job when a payload does not fit', () => {
    expect(() => payloads(job({ MaxPayloadInMB: 1 }), 'x'.repeat(2_000_000))).toThrow(
      /Too much data for max payload size/,
    );
  });

  it('filters columns, joins answers to records and filters the result', () => {
    const plan = planTransform(
      job({ DataProcessing: { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' } }),
    );
    const [request] = [...plan.requests(Buffer.from('id1,5,6\nid2,7,8\n'))];
    expect(request?.payload.toString()).toBe('5,6\n7,8\n');
    expect(plan.assemble(Buffer.from('0.1\n0.2\n'), request?.records ?? []).toString()).toBe(
      'id1,0.1\nid2,0.2\n',
    );
  });

  it('fails the job when the model answers another number of records', () => {
    const plan = planTransform(job({ DataProcessing: { JoinSource: 'Input' } }));
    expect(() => plan.assemble(Buffer.from('0.1\n'), ['a', 'b'])).toThrow(
      'The model answered 1 records to 2',
    );
  });

  it('puts answers together line by line or as they come', () => {
    expect(planTransform(job()).assemble(Buffer.from('0.1'), []).toString()).toBe('0.1\n');
    expect(
      planTransform(job({ TransformOutput: { S3OutputPath: 's3://out' } }))
        .assemble(Buffer.from('0.1'), [])
        .toString(),
    ).toBe('0.1');
  });

  it.each([
    [{ DataProcessing: { InputFilter: '$.a' } }, /InputFilter '\$\.a' is not supported/],
    [
      { DataProcessing: { JoinSource: 'Input' as const }, TransformOutput: { S3OutputPath: 's3://o' } },
      /needs TransformInput.SplitType Line/,
    ],
    [
      {
        DataProcessing: { InputFilter: '$[1:]' },
        TransformInput: { ...job().TransformInput, ContentType: 'application/json' },
      },
      /ContentType text\/csv.*'application\/json'/,
    ],
  ])('refuses %j', (changes, message) => {
    expect(() => planTransform(job(changes))).toThrow(message);
  });
});
