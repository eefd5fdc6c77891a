// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are CloudFormation's placeholders.
import { parse } from 'yaml';

interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string }[];
}

/** Jobs of a workflow, by name. */
export const jobsOf = (text: string): [string, Job][] =>
  Object.entries((parse(text) as { jobs: Record<string, Job> }).jobs);

const allowed: Readonly<Record<string, string>> = { contents: 'read', 'id-token': 'write' };

/** What a deploying workflow must keep: actions pinned by commit, time limits, no permission beyond reading code and asking for a token. */
export function workflowViolations(text: string): string[] {
  const { permissions } = parse(text) as { permissions: unknown };
  const unpinned = [...text.matchAll(/uses: (.+)/g)]
    .map(([, uses = '']) => uses)
    .filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses));
  return [
    ...unpinned.map((uses) => `${uses} is not pinned by commit with its version beside it`),
    ...(JSON.stringify(permissions) === '{}' ? [] : ['the workflow has permissions for all jobs']),
    ...jobsOf(text).flatMap(([name, job]) => [
      ...(job['timeout-minutes'] ? [] : [`${name} has no time limit`]),
      ...(job.permissions ? [] : [`${name} names no permissions`]),
      ...Object.entries(job.permissions ?? {})
        .filter(([scope, access]) => allowed[scope] !== access)
        .map(([scope, access]) => `${name} may ${scope}: ${access}`),
    ]),
  ];
}

interface Statement {
  readonly Action: string;
  readonly Resource?: readonly { readonly 'Fn::Sub': string }[];
  readonly Condition?: Readonly<Record<string, Record<string, unknown>>>;
}
interface RoleProperties {
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
}

const issuer = 'token.actions.githubusercontent.com';
const subjects: Readonly<Record<string, string>> = {
  DiffRole: 'repo:${Repository}:pull_request',
  DeployRole: 'repo:${Repository}:environment:${Environment}',
};

/** What the roles must keep: trust in exact subjects, and nothing allowed but to assume roles of the CDK bootstrap. */
export function roleViolations(text: string): string[] {
  const { Resources } = parse(text) as {
    Resources: Record<string, { Type: string; Properties: RoleProperties }>;
  };
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .flatMap(([name, { Properties }]) => [
      ...Properties.AssumeRolePolicyDocument.Statement.flatMap((statement) =>
        trustViolations(name, statement),
      ),
      ...Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap((statement) =>
        permissionViolations(name, statement),
      ),
    ]);
}

function trustViolations(name: string, { Condition = {} }: Statement): string[] {
  const equals = Condition['StringEquals'];
  if (!equals || Object.keys(Condition).length !== 1)
    return [`${name} compares by something else than equality`];
  const subject = equals[`${issuer}:sub`] as { 'Fn::Sub'?: string } | undefined;
  return [
    ...(equals[`${issuer}:aud`] === 'sts.amazonaws.com' ? [] : [`${name} takes tokens for anybody`]),
    ...(subject?.['Fn::Sub'] === subjects[name] ? [] : [`${name} trusts ${subject?.['Fn::Sub']}`]),
  ];
}

function permissionViolations(name: string, { Action, Resource = [] }: Statement): string[] {
  const arns = Resource.map((arn) => arn['Fn::Sub']);
  const bootstrapRole =
    /:role\/cdk-\$\{Qualifier\}-(lookup|deploy|file-publishing)-role-\$\{AWS::AccountId\}-\$\{AWS::Region\}$/;
  return [
    ...(Action === 'sts:AssumeRole' ? [] : [`${name} may ${Action}`]),
    ...arns.filter((arn) => !bootstrapRole.test(arn)).map((arn) => `${name} may assume ${arn}`),
    ...(name === 'DiffRole' && arns.some((arn) => !arn.includes('-lookup-role-'))
      ? [`${name} may deploy`]
      : []),
  ];
}
