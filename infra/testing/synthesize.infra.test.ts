import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { contextOfCdkJson } from '../config.ts';
import { composeForTest } from './synthesize.ts';

/** Synthesizes the foundations of stage dev with one more resource. */
function synthesizeWith(type: string, properties: Record<string, unknown>): void {
  const app = composeForTest('dev', []);
  const stack = app.node.children.find(Stack.isStack)!;
  new CfnResource(stack, 'Planted', { type, properties });
  app.synth();
}

describe("CDK's own validation", () => {
  it('is on where tests synthesize, and takes what is right', () => {
    expect(() => synthesizeWith('AWS::SQS::Queue', { VisibilityTimeout: 30 })).not.toThrow();
  });

  const faults: readonly [string, string, Record<string, unknown>, RegExp][] = [
    [
      'a misspelt property',
      'AWS::SQS::Queue',
      { VisibilityTimout: 30 },
      /'VisibilityTimout' was unexpected.*Planted/s,
    ],
    [
      'a value of the wrong type',
      'AWS::SQS::Queue',
      { VisibilityTimeout: 'long' },
      /'long' is not of type 'integer'/,
    ],
    ['a reference to nothing', 'AWS::SQS::Queue', { QueueName: { Ref: 'Nobody' } }, /'Nobody' is not one of/],
    [
      'what is only warned of',
      'AWS::IAM::ManagedPolicy',
      { PolicyDocument: { Version: '2008-10-17', Statement: [] } },
      /IAM Policy Version should be updated/,
    ],
  ];
  it.each(faults)('ends the synthesis at %s, by name', (_fault, type, properties, finding) => {
    expect(() => synthesizeWith(type, properties)).toThrow(finding);
  });

  it('ends the synthesis of `cdk deploy` too, by the context of cdk.json', () => {
    const app = new App({ context: contextOfCdkJson(), analyticsReporting: false });
    const properties = { VisibilityTimout: 30 };
    new CfnResource(new Stack(app, 'Stack'), 'Planted', { type: 'AWS::SQS::Queue', properties });
    expect(() => app.synth()).toThrow(/'VisibilityTimout' was unexpected/);
  });
});
