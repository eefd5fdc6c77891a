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

/** Who may call, in words. */
export function roleText({ role, path }: EndpointDefinition): string {
  if (!role) return 'anybody with a token';
  const roles = sufficientRoles[role].join(', ');
  return path.includes('{project}') ? `${roles} of the project` : roles;
}
