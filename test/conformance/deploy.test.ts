import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { type EmulatedAccount, openAccount } from './deploy/emulated-account.ts';
import { deployWithFault, faults, withoutWrites } from './deploy/faults.ts';
import { commandBlocks } from './deploy/guide.ts';
import { runJourneys } from './deploy/journeys.ts';
import { patches } from './deploy/patches.ts';
import { remainsOf } from './deploy/remains.ts';
import { ministackVersion } from './parts/ministack.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { pythonEnvironment } from './parts/python.ts';

const programs = await part(async () => ({
  ministack: await pythonEnvironment('ministack', [`ministack==${ministackVersion}`]),
  awsCli: await pythonEnvironment('awscli', ['awscli==1.45.11']),
}));

const page = readFileSync(new URL('../../docs/guide/deploy.md', import.meta.url), 'utf8');
const blocks = commandBlocks(page);

/** Runs the commands of a section of the guide; what they wrote to standard output. */
async function follow(account: EmulatedAccount, section: string): Promise<string> {
  const ours = blocks.filter((block) => block.section === section && !block.notRun);
  if (ours.length === 0) throw new Error(`docs/guide/deploy.md has no commands below '${section}'.`);
  let output = '';
  for (const { commands } of ours) output += await account.shell.run(commands);
  return output;
}

describe('docs/guide/deploy.md', () => {
  it('has commands that are run below, or says why not', () => {
    expect([...new Set(blocks.filter(({ notRun }) => !notRun).map(({ section }) => section))]).toEqual([
      'Prepare the account',
      'Deploy',
      'First API token',
      'First project and first upload',
      'Approve',
      'Predict',
      'Update',
      'Tear down',
    ]);
    expect(blocks.flatMap(({ notRun }) => notRun ?? [])).toEqual(['the packages are installed already']);
  });

  it('lists every change of the templates for the emulator', () => {
    const rows = page.replaceAll(/ +/g, ' ');
    for (const { what, why } of patches) expect(rows).toContain(`| ${what} | ${why} |`);
  });
});

describe.skipIf(programs.missing)(checkTitle('cdk deploy onto MiniStack', programs), () => {
  let account: EmulatedAccount;
  beforeAll(async () => {
    account = await openAccount(theValue(programs), { enforceIam: false });
  });
  afterAll(() => account?.close());

  it('deploys all stacks from nothing', async ({ annotate }) => {
    await follow(account, 'Prepare the account');
    await follow(account, 'Deploy');
    const outputs = JSON.parse(readFileSync(path.join(account.clone, 'outputs.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    expect(outputs['Millrace-dev-storage']).toMatchObject({
      UploadsBucketName: 'millrace-dev-000000000000-us-east-1-uploads',
    });
    expect(outputs['Millrace-dev-api']?.['PlatformUrl']).toMatch(/^http:/);
    const stacks = await stackStatuses(account);
    expect([...new Set(Object.values(stacks))]).toEqual(['CREATE_COMPLETE']);
    await annotate(`${Object.keys(stacks).length} stacks`);
  });

  it('finds no difference in what it deployed', async () => {
    expect((await account.shell.try('npx cdk diff --all -c stage=dev --fail')).code).toBe(0);
  });

  it.each(faults)('refuses a template with $what, and leaves what was there', async (fault) => {
    const role = () =>
      account.shell.run(
        'aws lambda get-function-configuration --function-name millrace-dev-projects-http --query Role',
      );
    const before = await role();
    const { code, stdout, stderr } = await deployWithFault(account, fault);
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain(fault.saying);
    expect(await role()).toBe(before);
  });

  it('issues the first token once', async () => {
    expect(await follow(account, 'First API token')).toMatch(
      /You are +first-admin \(admin of all projects\)/,
    );
    const function_ = 'millrace-dev-identity-task-issue-first-token';
    const again = await account.shell.run(
      `aws lambda invoke --function-name ${function_} again.json; cat again.json`,
    );
    expect(again).toContain('FunctionError');
  });

  it('takes the first upload through training, approval and canary to predictions', async () => {
    await follow(account, 'First project and first upload');
    await waitFor(account, 'the approval request', 'npx millrace approvals --json', ([request]) => !!request);
    await follow(account, 'Approve');
    await waitFor(account, 'the promotion', 'npx millrace status tumour --json', ([journey]) =>
      JSON.stringify(journey).includes('serves all traffic'),
    );
    expect(await follow(account, 'Predict')).toMatch(
      /20 predictions are in [\s\S]*The chain of \d+ entries is intact/,
    );
  });

  it('passes the journeys of the loop, one approved with its retraining and one rejected', async ({
    annotate,
  }) => {
    await annotate(await runJourneys(account));
  });

  it('updates what changed and keeps the data', async () => {
    edit(path.join(account.clone, 'package.json'), /"version": "[^"]+"/, '"version": "9.9.9"');
    edit(path.join(account.clone, 'cdk.json'), /"logRetentionDays": 14/, '"logRetentionDays": 30');
    expect(await follow(account, 'Update')).toContain('Millrace-dev-training');
    const name = 'millrace-dev-training-task-plan-training';
    const settings = `aws lambda get-function-configuration --function-name ${name} --query Environment.Variables`;
    expect(await account.shell.json(settings)).toMatchObject({ CODE_VERSION: '9.9.9' });
    const groups = `aws logs describe-log-groups --log-group-name-prefix /aws/lambda/${name} --query 'logGroups[].retentionInDays'`;
    expect(await account.shell.json(groups)).toEqual([30]);
    expect(await account.shell.run('npx millrace info')).toMatch(/tumour .* v1 100 %/);
  });

  it('leaves nothing of its own behind when it is torn down', async () => {
    expect(await remainsOf(account.shell)).toContain('table millrace-dev-projects');
    const said = await follow(account, 'Tear down');
    expect(said).toMatch(/Found endpoint millrace-dev-tumour-v1\n[\s\S]*Nothing was removed: --yes/);
    expect(said).toContain('Removed endpoint millrace-dev-tumour-v1');
    expect(await remainsOf(account.shell)).toEqual([]);
  });
});

describe.skipIf(programs.missing)(checkTitle('cdk deploy onto MiniStack with IAM enforced', programs), () => {
  let account: EmulatedAccount;
  beforeAll(async () => {
    account = await openAccount(theValue(programs), { enforceIam: true });
  });
  afterAll(() => account?.close());

  it('passes the same journeys with the permissions of the roles', async ({ annotate }) => {
    for (const section of ['Prepare the account', 'Deploy', 'First API token'])
      await follow(account, section);
    await annotate(await runJourneys(account));
  });

  it('fails where a role lacks a permission', async () => {
    const before = await account.shell.try('npx millrace apply examples/tumour/project.yaml');
    expect(before.code).toBe(0);
    expect((await deployWithFault(account, withoutWrites)).code).toBe(0);
    const { code, stderr } = await account.shell.try(
      "sed 's/^name: .*/name: another/' examples/tumour/project.yaml > another.yaml; npx millrace apply another.yaml",
    );
    expect([code, stderr]).toEqual([3, expect.stringContaining('InternalError')]);
    const log = await account.shell.run(
      'aws logs filter-log-events --log-group-name /aws/lambda/millrace-dev-projects-http',
    );
    expect(log).toContain('is not authorized to perform: dynamodb:PutItem');
  });
});

async function stackStatuses({ shell }: EmulatedAccount): Promise<Record<string, string>> {
  const query = 'StackSummaries[].[StackName,StackStatus]';
  const all = await shell.json<[string, string][]>(`aws cloudformation list-stacks --query '${query}'`);
  return Object.fromEntries(all.filter(([name]) => name.startsWith('Millrace-dev-')));
}

/** Asks the command line until its answer is as it should be. */
function waitFor(
  { shell }: EmulatedAccount,
  what: string,
  command: string,
  isThere: (answer: readonly unknown[]) => boolean,
): Promise<true> {
  const ask = async () => (isThere(await shell.json<unknown[]>(command)) ? true : undefined);
  return eventually(what, ask, { limitSeconds: 120, stand: () => shell.run('npx millrace status tumour') });
}

function edit(file: string, what: RegExp, by: string): void {
  const text = readFileSync(file, 'utf8');
  if (!what.test(text)) throw new Error(`${file} has no ${what}.`);
  // The packages are a link to the real ones; a file of the clone is its own.
  writeFileSync(file, text.replaceAll(new RegExp(what, 'g'), by));
}
