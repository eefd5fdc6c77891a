import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  AwsError,
  type EmulatedService,
  type IamApi,
  type Principal,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import { Credentials } from './credentials.ts';
import { DecisionLog } from './decision-log.ts';
import {
  type CompiledStatement,
  type Decision,
  evaluate,
  evaluateResourcePolicy,
  policyContext,
} from './policy.ts';
import { IamResources } from './resources.ts';

/** Emulates IAM: roles and policies of the template, access keys, and the decision on every call. */
export function createIam(context: RuntimeContext): EmulatedService & IamApi {
  const folder = context.folder('iam');
  const credentials = new Credentials(folder, context.accountId);
  const resources = new IamResources(context.accountId);
  const decisions = new DecisionLog(folder);
  return {
    name: 'iam',
    signingNames: [],
    resourceTypes: ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'],
    start: async () => undefined,
    provision: async (resource) => resources.provision(resource),
    /** All statements are known now; `check:iam` compares them with the decisions. */
    resume: async () => writeRoles(folder, resources),
    authorize: async () => [],
    handle: async () => {
      throw new AwsError('NotImplemented', 'IAM has no wire API in the laptop runtime.', 501);
    },
    stop: async () => undefined,
    identify: (accessKeyId) => credentials.identify(accessKeyId),
    credentialsForRole: (roleArn, sessionName) => credentials.forRole(roleArn, sessionName),
    operatorCredentials: () => credentials.operator(),
    demand(principal, permissions) {
      if (principal.kind === 'operator') return;
      for (const permission of permissions) demandOne(context, resources, decisions, principal, permission);
    },
    assertAssumable: (roleArn, service) => assertAssumable(context, resources, roleArn, service),
  };
}

function demandOne(
  context: RuntimeContext,
  resources: IamResources,
  decisions: DecisionLog,
  principal: Exclude<Principal, { kind: 'operator' }>,
  permission: RequiredPermission,
): void {
  const who = principal.kind === 'role' ? principal.roleArn : principal.service;
  const keys = policyContext(principal, context.region, context.accountId, permission.context);
  const decision = evaluate(resources.statementsOf(who), permission, keys);
  decisions.record(toRecord(who, permission, decision));
  if (decision.effect !== 'allow') throw denied(principal, permission, decision);
  const boundaryArn = resources.role(who)?.boundaryArn;
  if (boundaryArn === undefined) return;
  const bounded = evaluate(resources.managedStatements(boundaryArn), permission, keys);
  if (bounded.effect !== 'allow') throw denied(principal, permission, bounded, 'permissions boundary');
}

function toRecord(role: string, permission: RequiredPermission, decision: Decision) {
  const { action, resource } = permission;
  if (decision.effect === 'implicitDeny') return { role, action, resource, outcome: decision.effect };
  return {
    role,
    action,
    resource: decision.effect === 'allow' ? patternOf(decision.statement, resource) : resource,
    outcome: decision.effect,
    statement: decision.statement.id,
  };
}

/** The pattern of the statement that covers the resource, so that the log stays as small as the policies. */
function patternOf(statement: CompiledStatement, resource: string): string {
  if (statement.notResources) return 'NotResource';
  return statement.resources.find((pattern) => pattern.matches(resource, new Map()))?.source ?? '*';
}

/** Worded as AWS words it (IAM user guide, "Troubleshoot access denied error messages"). */
function denied(
  principal: Exclude<Principal, { kind: 'operator' }>,
  permission: RequiredPermission,
  decision: Decision,
  policyKind = 'identity-based policy',
): AwsError {
  const who = principal.kind === 'role' ? principal.arn : principal.service;
  const on = permission.resource === '*' ? '' : ` on resource: ${permission.resource}`;
  const why =
    decision.effect === 'explicitDeny'
      ? `with an explicit deny in ${policyKind.startsWith('i') ? 'an' : 'a'} ${policyKind}`
      : `because no ${policyKind} allows the ${permission.action} action`;
  return new AwsError(
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${permission.action}${on} ${why}`,
    403,
  );
}

function assertAssumable(
  context: RuntimeContext,
  resources: IamResources,
  roleArn: string,
  service: string,
): void {
  const principal: Principal = { kind: 'service', service };
  const role = resources.role(roleArn);
  const question = { action: 'sts:AssumeRole', resource: roleArn };
  const keys = policyContext(principal, context.region, context.accountId, {
    'aws:SourceAccount': context.accountId,
  });
  const decision = role && evaluateResourcePolicy(role.trust, principal, question, keys);
  if (decision?.effect === 'allow') return;
  throw new AwsError(
    'AccessDeniedException',
    `Could not assume role ${roleArn}. Ensure that the role exists and allows principal '${service}' to assume it.`,
    403,
  );
}

function writeRoles(folder: string, resources: IamResources): void {
  const roles = resources.roleArns().map((role) => ({
    role,
    statements: resources.statementsOf(role).map((statement) => ({
      statement: statement.id,
      effect: statement.effect,
      actions: statement.actions.map((pattern) => pattern.source),
      resources: statement.resources.map((pattern) => pattern.source),
    })),
  }));
  writeFileSync(path.join(folder, 'roles.json'), JSON.stringify(roles, undefined, 2));
}
