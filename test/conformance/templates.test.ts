import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptedFindings, isAccepted, type LintFinding, lint } from './parts/cfn-lint.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { pythonEnvironment } from './parts/python.ts';
import {
  type CloudFormationTemplate,
  readTemplate,
  type SynthesizedStage,
  synthesizeStage,
} from './parts/synthesis.ts';

const environment = await part(() => pythonEnvironment('cfn-lint', ['cfn-lint==1.58.0']));

describe.skipIf(environment.missing)(checkTitle('templates by cfn-lint', environment), () => {
  const program = () => theValue(environment).program('cfn-lint');
  /** Stage local is always of one account; dev fits any; prod is as the command line makes it, with credentials. */
  const stages: SynthesizedStage[] = [];
  const findings = new Map<string, LintFinding[]>();

  beforeAll(async () => {
    stages.push(await synthesizeStage('local'));
    stages.push(await synthesizeStage('dev'));
    stages.push(await synthesizeStage('prod', { account: '111122223333', region: 'eu-central-1' }));
    for (const { stage, templateFiles } of stages) {
      findings.set(stage, await lint(program(), templateFiles));
    }
  });
  afterAll(() => {
    for (const { folder } of stages) rmSync(folder, { recursive: true });
  });

  it.for(['local', 'dev', 'prod'])(
    'have no error and no warning in stage %s',
    async (stage, { annotate }) => {
      const { templateFiles } = stages.find((one) => one.stage === stage)!;
      const open = findings
        .get(stage)!
        .filter((finding) => !acceptedFindings.some((accepted) => isAccepted(finding, accepted)));
      expect(open).toEqual([]);
      expect(templateFiles.length).toBeGreaterThan(15);
      await annotate(`${stage}: ${templateFiles.length} templates`);
    },
  );

  it('need every exception that is made', async ({ annotate }) => {
    const all = [...findings.values()].flat();
    const needless = acceptedFindings.filter(
      (accepted) => !all.some((finding) => isAccepted(finding, accepted)),
    );
    expect(needless).toEqual([]);
    await annotate(`${acceptedFindings.length} findings accepted with a reason`);
  });

  describe('with a planted fault', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-faults-'));
    let found: readonly LintFinding[];
    beforeAll(async () => {
      const { templateFiles } = stages.find((one) => one.stage === 'prod')!;
      found = await lint(
        program(),
        faults.map(({ name, stack, type, break: breakResource }) => {
          const file = templateFiles.find((one) => one.endsWith(`-${stack}.template.json`))!;
          return writeFault(path.join(folder, name.replaceAll(' ', '-')), file, type, breakResource);
        }),
      );
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it.each(faults)('are refused: $name', ({ stack, rule, message }) => {
      expect(found).toContainEqual(
        expect.objectContaining({ rule, stack, message: expect.stringContaining(message) }),
      );
    });
  });
});

type Resource = CloudFormationTemplate['Resources'][string];
interface Fault {
  readonly name: string;
  readonly stack: string;
  /** The first resource of the type is broken. */
  readonly type: string;
  readonly break: (resource: Resource, logicalId: string) => void;
  readonly rule: string;
  readonly message: string;
}

const faults: readonly Fault[] = [
  {
    name: 'a misspelt property',
    stack: 'storage',
    type: 'AWS::S3::Bucket',
    break: ({ Properties }) => {
      Properties['VersionConfiguration'] = Properties['VersioningConfiguration'];
    },
    rule: 'E3002',
    message: "'VersionConfiguration' was unexpected",
  },
  {
    name: 'a value that the property does not take',
    stack: 'projects',
    type: 'AWS::DynamoDB::Table',
    break: ({ Properties }) => {
      Properties['BillingMode'] = 'ON_DEMAND';
    },
    rule: 'E3030',
    message: "'ON_DEMAND' is not one of",
  },
  {
    name: 'a reference to nothing',
    stack: 'governance',
    type: 'AWS::Lambda::Function',
    break: ({ Properties }) => {
      Properties['Role'] = { 'Fn::GetAtt': ['NobodysRole', 'Arn'] };
    },
    rule: 'E1010',
    message: "'NobodysRole' is not one of",
  },
  {
    name: 'an action that IAM does not have',
    stack: 'registry',
    type: 'AWS::IAM::Policy',
    break: ({ Properties }) => {
      Properties['PolicyDocument'] = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'dynamodb:ReadItem', Resource: '*' }],
      };
    },
    rule: 'W3037',
    message: "'readitem' is not one of",
  },
  {
    name: 'an order that the references give already',
    stack: 'identity',
    type: 'AWS::Lambda::EventInvokeConfig',
    break: (resource) => {
      const { Ref } = resource.Properties['FunctionName'] as { Ref: string };
      resource.DependsOn = [Ref];
    },
    rule: 'W3005',
    message: 'dependency already enforced',
  },
];

/** Writes a copy of a template in which one resource is broken, under the same name, into a folder of its own. */
function writeFault(
  folder: string,
  templateFile: string,
  type: string,
  breakResource: Fault['break'],
): string {
  const template = readTemplate(templateFile);
  const [logicalId, resource] = Object.entries(template.Resources).find(([, one]) => one.Type === type)!;
  breakResource(resource, logicalId);
  mkdirSync(folder);
  const file = path.join(folder, path.basename(templateFile));
  writeFileSync(file, JSON.stringify(template));
  return file;
}
