import { readdirSync } from 'node:fs';
import { type EndpointDefinition, sufficientRoles } from '#shared/contracts/endpoint.ts';

const servicesFolder = new URL('../../services/', import.meta.url);

/** The endpoints of every service that has some, by service and then as its contract lists them. */
export async function allEndpoints(): Promise<EndpointDefinition[]> {
  const contracts = await Promise.all(
    readdirSync(servicesFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
      .map((service) => import(new URL(`${service}/contract.ts`, servicesFolder).href) as Promise<unknown>),
  );
  return contracts.flatMap((contract) =>
    typeof contract === 'object' && contract !== null && 'endpoints' in contract
      ? (contract.endpoints as EndpointDefinition[])
      : [],
  );
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
