import type * as z from 'zod';
import type { ServiceName } from '#shared/kernel/names.ts';

/**
 * What an identity may do. `viewer` reads; `scientist` also applies, uploads, trains, predicts and labels; `approver` also
 * decides; `admin` also issues tokens. `client` stands apart: an application that predicts and sends ground truth, nothing else.
 */
export const roles = ['client', 'viewer', 'scientist', 'approver', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Which roles are enough where an endpoint names one. */
export const sufficientRoles: Readonly<Record<Role, readonly Role[]>> = {
  client: ['client', 'scientist', 'approver', 'admin'],
  viewer: ['viewer', 'scientist', 'approver', 'admin'],
  scientist: ['scientist', 'approver', 'admin'],
  approver: ['approver', 'admin'],
  admin: ['admin'],
};

/**
 * Where a caller must have the role that an endpoint asks for. `project`: in the project of the path; `platform`: in all projects (`*`);
 * `resource`: in the project of what is asked for, which only the service knows. It answers not found for what the caller may not
 * see, and leaves it out of lists.
 */
export type RoleScope = 'project' | 'platform' | 'resource';

/** Most bytes of a request body where an operation does not say otherwise. */
const defaultMaxBodyBytes = 65_536;
/** Deepest nesting of lists and objects in a JSON body: those of the contracts need 4. */
export const maxBodyDepth = 16;

/** One operation of the native API. */
export interface EndpointDefinition<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly service: ServiceName;
  /** camelCase, unique over the platform: operationId in OpenAPI. */
  readonly operationId: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/…` with `{name}` parameters. */
  readonly path: string;
  /** `authenticated`: anybody with a token; the answer is about the caller alone. */
  readonly role: Role | 'authenticated';
  readonly scope: RoleScope;
  /** `platform`: HTTP API with bearer tokens; `prediction`: REST API with usage plans besides. */
  readonly api: 'platform' | 'prediction';
  readonly params: Params;
  readonly query: Query;
  /** `z.undefined()` where there is no body. With `rawBody` the handler gets the text and parses it itself. */
  readonly body: Body;
  readonly rawBody?: boolean;
  /** Most bytes of the body in UTF-8. API Gateway and Lambda end at 6 MB. */
  readonly maxBodyBytes: number;
  readonly response: Response;
  readonly successStatus: number;
}

/** Declares an operation. Without a `scope` the role is asked for in the project of the path, or in all projects where the path has none. */
export function defineEndpoint<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
>(
  spec: Omit<
    EndpointDefinition<Params, Query, Body, Response>,
    'api' | 'scope' | 'maxBodyBytes' | 'successStatus'
  > & {
    api?: 'platform' | 'prediction';
    scope?: RoleScope;
    maxBodyBytes?: number;
    successStatus?: number;
  },
): EndpointDefinition<Params, Query, Body, Response> {
  return {
    ...spec,
    api: spec.api ?? 'platform',
    scope: spec.scope ?? (spec.path.includes('{project}') ? 'project' : 'platform'),
    maxBodyBytes: spec.maxBodyBytes ?? defaultMaxBodyBytes,
    successStatus: spec.successStatus ?? 200,
  };
}
