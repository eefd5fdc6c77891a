import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { QueryDefinition, TaskDefinition } from '#shared/contracts/call.ts';
import { type EndpointDefinition, roles } from '#shared/contracts/endpoint.ts';

const folder = new URL('./', import.meta.url);
const services = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const contracts = await Promise.all(
  services.map(
    async (service) =>
      [service, (await import(`./${service}/contract.ts`)) as Readonly<Record<string, unknown>>] as const,
  ),
);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isEndpoint = (value: unknown): value is EndpointDefinition => isRecord(value) && 'operationId' in value;
const isTask = (value: unknown): value is TaskDefinition => isRecord(value) && 'waits' in value;
const isQuery = (value: unknown): value is QueryDefinition =>
  isRecord(value) && 'input' in value && 'output' in value && !('waits' in value);

const exported = contracts.flatMap(([service, contract]) =>
  Object.values(contract).map((value) => [service, value] as const),
);
const endpoints = exported.flatMap(([service, value]) =>
  isEndpoint(value) ? [{ service, endpoint: value }] : [],
);
const handlerExists = (service: string, handler: string): boolean =>
  existsSync(new URL(`${service}/handlers/${handler}.ts`, folder));

describe('endpoints', () => {
  it('have operation ids and routes of their own', () => {
    const ids = endpoints.map(({ endpoint }) => endpoint.operationId);
    const routes = endpoints.map(
      ({ endpoint }) => `${endpoint.method} ${endpoint.path.replaceAll(/\{\w+\}/g, '{}')}`,
    );
    expect(ids).toEqual([...new Set(ids)]);
    expect(routes).toEqual([...new Set(routes)]);
  });

  it.each(endpoints.map(({ service, endpoint }) => [endpoint.operationId, service, endpoint] as const))(
    '%s is declared, listed and answered by its service',
    (_id, service, endpoint) => {
      const contract = new Map(contracts).get(service);
      expect(endpoint.service).toBe(service);
      expect(contract?.['endpoints']).toContain(endpoint);
      expect(handlerExists(service, 'http')).toBe(true);
    },
  );

  it.each(endpoints.map(({ endpoint }) => [endpoint.operationId, endpoint] as const))(
    '%s parses exactly the parameters of its path',
    (_id, endpoint) => {
      const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys((endpoint.params as z.ZodObject).shape).sort()).toEqual(inPath.sort());
    },
  );

  it.each(endpoints.map(({ endpoint }) => [endpoint.operationId, endpoint] as const))(
    '%s says which role it asks for, and in the path’s project where there is one',
    (_id, endpoint) => {
      expect(['authenticated', ...roles]).toContain(endpoint.role);
      expect(endpoint.scope === 'project').toBe(endpoint.path.includes('{project}'));
    },
  );
});

describe('tasks and queries', () => {
  it.each(
    exported.flatMap(([service, value]) => (isTask(value) ? [[value.name, service, value] as const] : [])),
  )('%s is a task with a handler', (_name, service, task) => {
    expect(task.service).toBe(service);
    expect(handlerExists(service, task.handler)).toBe(true);
  });

  it.each(
    exported.flatMap(([service, value]) => (isQuery(value) ? [[value.name, service, value] as const] : [])),
  )('%s is a query that its service answers', (_name, service, query) => {
    expect(query.service).toBe(service);
    expect(handlerExists(service, 'query')).toBe(true);
  });
});
