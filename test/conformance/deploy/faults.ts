import path from 'node:path';
import type { ProgramEnd } from '../parts/program.ts';
import type { EmulatedAccount } from './emulated-account.ts';
import { patchAssembly } from './patch-assembly.ts';
import type { Patch, Template } from './patches.ts';

/** A planted fault that no deployment survives. */
interface Fault extends Patch {
  /** What the refusal must say. */
  readonly saying: string;
}

export const faults: readonly Fault[] = [
  {
    what: 'a reference to an export that no stack has',
    why: 'a planted fault',
    saying: 'NoSuchExport',
    template: eachFunction((properties) => {
      properties['Role'] = { 'Fn::ImportValue': 'NoSuchExport' };
    }),
  },
  {
    what: 'a resource type that does not exist',
    why: 'a planted fault',
    saying: 'Unrecognized resource types: [AWS::Lambda::Funktion]',
    template({ Resources }) {
      Resources['Misspelt'] = { Type: 'AWS::Lambda::Funktion', Properties: {} };
    },
  },
];

function eachFunction(change: (properties: Record<string, unknown>) => void) {
  return ({ Resources }: Template) => {
    for (const { Type, Properties } of Object.values(Resources))
      if (Type === 'AWS::Lambda::Function') change(Properties);
  };
}

/** Deploys the projects service from a copy of the assembly with a fault in it. */
export async function deployWithFault({ shell, clone }: EmulatedAccount, fault: Patch): Promise<ProgramEnd> {
  const assembly = path.join(clone, 'faulty.out');
  await shell.run(`rm -rf "${assembly}"; cp -r "$CDK_OUTPUT" "${assembly}"`);
  patchAssembly(assembly, [fault], { url: '' });
  return shell.try(`CDK_APP="${assembly}" CDK_OUTPUT= npx cdk deploy Millrace-dev-projects -e`);
}

/** Deploys well and does not work. */
export const withoutWrites: Patch = {
  what: 'roles that may not write tables',
  why: 'a planted fault',
  template({ Resources }: Template) {
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::IAM::Policy') continue;
      const text = JSON.stringify(Properties['PolicyDocument']);
      Properties['PolicyDocument'] = JSON.parse(
        text.replaceAll('dynamodb:PutItem', 'dynamodb:DescribeTable'),
      );
    }
  },
};
