import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmulatedService, type ResourceDeclaration, UnsupportedResource } from '../emulated-service.ts';
import { type TestStack, writeAssembly } from '../testing/write-assembly.ts';
import { deployAssembly, readAssembly } from './index.ts';

let dir: string;
let provisioned: ResourceDeclaration[];
let removed: string[];

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'millrace-cfn-'));
  mkdirSync(path.join(dir, 'state'));
  provisioned = [];
  removed = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const service: EmulatedService = {
  name: 'things',
  signingNames: [],
  resourceTypes: ['Test::Thing'],
  start: async () => undefined,
  provision: async (resource) => {
    if (resource.properties['Odd']) throw new UnsupportedResource(resource.type, 'Odd', 'Leave it out.');
    provisioned.push(resource);
    const name = String(resource.properties['Name'] ?? resource.logicalId);
    return { ref: name, attributes: { Arn: `arn:${name}` } };
  },
  deprovision: async (resource) => {
    removed.push(resource.logicalId);
  },
  authorize: async () => [],
  handle: async () => ({ status: 200 }),
  stop: async () => undefined,
};

/** Writes a cloud assembly and deploys it. */
async function deploy(stacks: Readonly<Record<string, TestStack>>) {
  writeAssembly(dir, stacks);
  provisioned = [];
  removed = [];
  return deployAssembly({
    assembly: readAssembly(dir),
    services: [service],
    stateDir: path.join(dir, 'state'),
    region: 'us-east-1',
    accountId: '000000000000',
  });
}
const thing = (Properties: object = {}, more: object = {}) => ({ Type: 'Test::Thing', Properties, ...more });
const order = () => provisioned.map((resource) => resource.logicalId);

describe('deployAssembly', () => {
  it('makes resources after those they refer to, by Ref, GetAtt, Sub or DependsOn', async () => {
    await deploy({
      S: {
        template: {
          Resources: {
            A: thing({ X: { Ref: 'B' } }),
            // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub looks like a template placeholder
            B: thing({ X: { 'Fn::Sub': 'x-${C.Arn}' } }),
            C: thing({}, { DependsOn: 'D' }),
            D: thing({ X: [{ Y: { 'Fn::GetAtt': ['E', 'Arn'] } }] }),
            E: thing(),
          },
        },
      },
    });
    expect(order()).toEqual(['E', 'D', 'C', 'B', 'A']);
    expect(provisioned.find((resource) => resource.logicalId === 'B')?.properties).toEqual({ X: 'x-arn:C' });
  });

  it('deploys stacks in dependency order and hands exports on', async () => {
    const { outputs } = await deploy({
      Consumer: {
        dependsOn: ['Producer'],
        template: { Resources: { C: thing({ From: { 'Fn::ImportValue': 'the-thing' } }) } },
      },
      Producer: {
        template: {
          Resources: { P: thing({ Name: 'p' }) },
          Outputs: { Out: { Value: { 'Fn::GetAtt': ['P', 'Arn'] }, Export: { Name: 'the-thing' } } },
        },
      },
    });
    expect(order()).toEqual(['P', 'C']);
    expect(provisioned[1]?.properties).toEqual({ From: 'arn:p' });
    expect(outputs).toEqual({ Producer: { Out: 'arn:p' }, Consumer: {} });
  });

  it('leaves out what its condition excludes, and what is ignored with a reason', async () => {
    const { resources } = await deploy({
      S: {
        template: {
          Mappings: { M: { local: { flag: 'no' } } },
          Conditions: { Wanted: { 'Fn::Equals': [{ 'Fn::FindInMap': ['M', 'local', 'flag'] }, 'yes'] } },
          Resources: {
            A: thing({}, { Condition: 'Wanted' }),
            Meta: { Type: 'AWS::CDK::Metadata' },
            Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: 'board' } },
          },
        },
      },
    });
    expect(order()).toEqual([]);
    expect(resources.map((resource) => resource.ref)).toEqual(['Meta', 'board']);
  });

  it.each([
    [
      'an unsupported type',
      { A: { Type: 'AWS::EC2::Instance' } },
      /^Stack S, resource A \(AWS::EC2::Instance\): the laptop runtime does not support this type\. /,
    ],
    [
      'an unsupported property',
      { A: thing({ Odd: true }) },
      /^Stack S, resource A \(Test::Thing\): Odd is not supported/,
    ],
    [
      'an unknown attribute',
      { A: thing({ X: { 'Fn::GetAtt': ['B', 'Nope'] } }), B: thing() },
      /resource A .*B has no attribute Nope .*it has: Arn/,
    ],
    [
      'an unknown reference',
      { A: thing({ X: { Ref: 'Gone' } }) },
      /Gone is neither a parameter nor a resource/,
    ],
    ['a circle', { A: thing({ X: { Ref: 'B' } }), B: thing({ X: { Ref: 'A' } }) }, /circle: A -> B -> A/],
  ])('stops at %s with one line that names the place', async (_what, resources, message) => {
    await expect(deploy({ S: { template: { Resources: resources } } })).rejects.toThrow(message);
  });

  it('tells a resource what it was before, and removes what the template no longer has', async () => {
    await deploy({
      S: { template: { Resources: { A: thing(), B: thing({ X: { Ref: 'A' } }), C: thing() } } },
    });
    await deploy({ S: { template: { Resources: { A: thing() } } } });
    expect(provisioned[0]?.previous).toEqual({ ref: 'A', attributes: { Arn: 'arn:A' } });
    expect(removed).toEqual(['C', 'B']);
  });

  it('removes the old one when a physical name changes, and keeps it when only the logical id does', async () => {
    await deploy({
      S: { template: { Resources: { A: thing({ Name: 'one' }), B: thing({ Name: 'two' }) } } },
    });
    await deploy({
      S: { template: { Resources: { A: thing({ Name: 'other' }), Renamed: thing({ Name: 'two' }) } } },
    });
    expect(removed).toEqual(['A']);
  });

  it('keeps what its DeletionPolicy retains', async () => {
    await deploy({ S: { template: { Resources: { A: thing({}, { DeletionPolicy: 'Retain' }) } } } });
    await deploy({ S: { template: { Resources: {} } } });
    expect(removed).toEqual([]);
  });

  it('says how to cure a damaged record', async () => {
    writeFileSync(path.join(dir, 'state', 'deployed.json'), '{"resources": [');
    await expect(deploy({ S: { template: {} } })).rejects.toThrow(
      /deployed\.json is damaged\. Start with --fresh/,
    );
  });

  it('finds assets by their object key', () => {
    writeAssembly(dir, { S: { template: {}, assets: { 'abc.zip': 'asset.abc' } } });
    expect(readAssembly(dir).assetPaths.get('abc.zip')).toBe(path.join(dir, 'asset.abc'));
  });

  it('asks for a synthesis where there is none', () => {
    expect(() => readAssembly(path.join(dir, 'nowhere'))).toThrow('Synthesize the app first');
  });
});
