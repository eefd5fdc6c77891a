import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { synthesize } from '../../scripts/local/host/synthesize.ts';

/** Makes a cloud assembly below a folder; returns the assembly's own folder. */
export type Assemble = (dir: string) => Promise<string>;

const rootDir = path.resolve(import.meta.dirname, '../..');

/** The assembly that `npm start` runs, made where the sources have changed since; test/integration/synthesize-once.ts does that first. */
export async function synthesizeShared(): Promise<string> {
  const dir = path.join(rootDir, '.cache', 'assemblies', 'local');
  mkdirSync(dir, { recursive: true });
  return (await synthesize(rootDir, dir, new AbortController().signal)).assemblyDir;
}

/** A copy of it: tests change theirs. */
export const localAssembly: Assemble = async (dir) => {
  const assemblyDir = path.join(dir, 'cdk.out');
  cpSync(await synthesizeShared(), assemblyDir, { recursive: true });
  return assemblyDir;
};

interface Policy {
  readonly Type: string;
  readonly Properties: { PolicyDocument: { Statement: { Action: string | string[] }[] } };
}

/** The local assembly without the statements that allow an action in the policies of a stack whose logical ids begin so. */
export const localAssemblyWithout =
  (missing: { readonly stack: string; readonly policy: string; readonly action: string }): Assemble =>
  async (dir) => {
    const assemblyDir = await localAssembly(dir);
    const file = path.join(assemblyDir, `${missing.stack}.template.json`);
    const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Policy> };
    const policies = Object.entries(template.Resources).filter(
      ([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith(missing.policy),
    );
    let removed = 0;
    for (const [, { Properties }] of policies) {
      const { Statement } = Properties.PolicyDocument;
      const kept = Statement.filter(({ Action }) => ![Action].flat().includes(missing.action));
      removed += Statement.length - kept.length;
      Properties.PolicyDocument.Statement = kept;
    }
    if (removed === 0)
      throw new Error(`No policy ${missing.policy}… of ${missing.stack} allows ${missing.action}.`);
    writeFileSync(file, JSON.stringify(template));
    return assemblyDir;
  };

interface FunctionResource {
  readonly Type: string;
  readonly Properties: { readonly FunctionName?: string; ReservedConcurrentExecutions?: number };
}

/** The local assembly, in which a function of a stack takes no calls while `isOff`, as after an operator set its reserved concurrency to 0. */
export const localAssemblyWithSwitch =
  (switched: {
    readonly stack: string;
    readonly functionName: string;
    readonly isOff: () => boolean;
  }): Assemble =>
  async (dir) => {
    const assemblyDir = await localAssembly(dir);
    const file = path.join(assemblyDir, `${switched.stack}.template.json`);
    const template = JSON.parse(readFileSync(file, 'utf8')) as {
      Resources: Record<string, FunctionResource>;
    };
    const found = Object.values(template.Resources).find(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::Function' && Properties.FunctionName === switched.functionName,
    );
    if (!found) throw new Error(`${switched.stack} has no function ${switched.functionName}.`);
    if (switched.isOff()) found.Properties.ReservedConcurrentExecutions = 0;
    else delete found.Properties.ReservedConcurrentExecutions;
    writeFileSync(file, JSON.stringify(template));
    return assemblyDir;
  };
