import type * as z from 'zod';
import type { Role } from '#shared/contracts/endpoint.ts';
import type { ServiceName } from '#shared/kernel/names.ts';

/** Versions of MLflow's REST API that a route may have: each is a path of its own, `/api/<version>/…`. */
export type MlflowApiVersion = '2.0' | '2.11' | '3.0';

/** One operation of MLflow's REST API, as its protocol buffers declare it (mlflow/protos, package mlflow 3.17). */
export interface MlflowRoute<Message extends z.ZodType = z.ZodType> {
  readonly service: ServiceName;
  /** `service.method` of the protocol buffers, e.g. `MlflowService.createRun`; unique. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * `/mlflow/runs/create`: below `/api/<version>` and `/ajax-api/<version>` of each of `versions`; a path as it is where `versions`
   * is empty. `{name}` is a parameter and `{name+}`, at the end, the rest of the path.
   */
  readonly path: string;
  readonly versions: readonly MlflowApiVersion[];
  /**
   * Least role in the project of what is asked for, which only the service knows: it answers RESOURCE_DOES_NOT_EXIST for what
   * the caller may not see and PERMISSION_DENIED for what they may see and not change. `authenticated`: the answer is about no project.
   * `public`: it is answered without an identity, and API Gateway must have a public route for it.
   */
  readonly role: Role | 'authenticated' | 'public';
  /** Query string, JSON body and path parameters as one message. What it does not name is dropped, as MLflow's server does. */
  readonly message: Message;
  /** The body is bytes and no message: the message has the query string and the path parameters alone. */
  readonly rawBody: boolean;
  readonly maxBodyBytes: number;
}

/** Lambda takes 6 MB with the envelope; a body that is not text comes in base64, which leaves three quarters. */
export const maxBinaryBodyBytes = 4_400_000;
const defaultMaxBodyBytes = 1_000_000;

/** Declares an operation of MLflow's API. */
export function defineMlflowRoute<Message extends z.ZodType>(
  spec: Omit<MlflowRoute<Message>, 'versions' | 'rawBody' | 'maxBodyBytes'> & {
    versions?: readonly MlflowApiVersion[];
    rawBody?: boolean;
    maxBodyBytes?: number;
  },
): MlflowRoute<Message> {
  return {
    ...spec,
    versions: spec.versions ?? ['2.0'],
    rawBody: spec.rawBody ?? false,
    maxBodyBytes: spec.maxBodyBytes ?? defaultMaxBodyBytes,
  };
}

/** Addresses that a route answers. MLflow's own web page asks below `/ajax-api`, clients below `/api`. */
export function addressesOf({ path, versions }: MlflowRoute): string[] {
  if (versions.length === 0) return [path];
  return versions.flatMap((version) => [`/api/${version}${path}`, `/ajax-api/${version}${path}`]);
}
