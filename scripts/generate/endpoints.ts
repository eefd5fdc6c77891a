import { existsSync, readdirSync } from 'node:fs';
import { type EndpointDefinition, sufficientRoles } from '#shared/contracts/endpoint.ts';
import type { MlflowRoute } from '#shared/mlflow/route.ts';

const servicesFolder = new URL('../../services/', import.meta.url);

/** The endpoints of every service that has some, by service and then as its contract lists them. */
export const allEndpoints = (): Promise<EndpointDefinition[]> => listed('contract.ts', 'endpoints');

/** The operations of MLflow's API of every service that answers some, in the same order. */
export const allMlflowRoutes = (): Promise<MlflowRoute[]> => listed('mlflow/contract.ts', 'mlflowRoutes');

async function listed<Listed>(file: string, list: string): Promise<Listed[]> {
  const contracts = await Promise.all(
    readdirSync(servicesFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => new URL(`${name}/${file}`, servicesFolder))
      .filter((contract) => existsSync(contract))
      .sort()
      .map((contract) => import(contract.href) as Promise<object>),
  );
  return contracts.flatMap((contract) => (contract as Record<string, Listed[] | undefined>)[list] ?? []);
}

const scopeText = {
  project: 'of the project',
  platform: 'of all projects',
  resource: 'of its project',
} as const;

/** Who may call, in words. */
export function roleText({ role, scope }: EndpointDefinition): string {
  if (role === 'authenticated') return 'anybody with a token';
  return `${sufficientRoles[role].join(', ')} ${scopeText[scope]}`;
}
